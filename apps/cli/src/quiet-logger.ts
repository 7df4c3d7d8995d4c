/** Libraries stay silent in the terminal unless PACELINE_DEBUG asks for their warnings; commands print results only. */
const loud = process.env['PACELINE_DEBUG'] !== undefined;

const line = (level: string, fields: object, message: string): void => {
  if (loud) process.stderr.write(`${level} ${message} ${JSON.stringify(fields)}\n`);
};

export const quietLogger = {
  debug: (): void => undefined,
  info: (): void => undefined,
  warn: (fields: object, message: string): void => line('warn', fields, message),
  error: (fields: object, message: string): void => line('error', fields, message),
};
