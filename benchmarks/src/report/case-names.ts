export const productPrefix = 'paceline ';

export const productName = (name: string): string => `${productPrefix}${name}`;

/** An attempt that is published beside the one that is judged. */
export const attemptName = (name: string, attempt: number): string => `${name} (attempt ${attempt}, not judged)`;

export const isOtherAttempt = (name: string): boolean => /\(attempt \d+, not judged\)$/.test(name);
