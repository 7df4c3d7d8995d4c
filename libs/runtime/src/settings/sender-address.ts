// Shapes of senders, as settings may name them. Whether a number exists and is ours is Twilio's verdict.
const number = /^\+[1-9]\d{6,14}$/;
const shortCode = /^\d{3,8}$/;
const channel = /^(whatsapp|rcs|messenger|viber|line|telegram):\S+$/i;
const service = /^MG[0-9a-f]{32}$/i;
const name = /^(?=.*[A-Za-z])[A-Za-z0-9 _&+-]{1,11}$/;

/** A number in E.164 or a short code, plain or of WhatsApp: what a Messaging Service may send from. */
export const isPoolAddress = (id: string): boolean => {
  const plain = id.replace(/^whatsapp:/i, '');
  return number.test(plain) || shortCode.test(plain);
};

/** Whatever a row may have as From or MessagingServiceSid. */
export const isSenderAddress = (id: string): boolean => isPoolAddress(id) || channel.test(id) || service.test(id) || name.test(id);
