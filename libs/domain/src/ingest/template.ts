const place = /\{\{\s*([^{}]+?)\s*\}\}/g;

export type Rendered = { readonly text: string } | { readonly missing: string };

/**
 * Fills `{{name}}` from the row's columns. A name that is no column is a fault, never an empty text: nobody may
 * receive a message with braces or a hole in it.
 */
export function renderTemplate(text: string, valueOf: (name: string) => string | undefined): Rendered {
  let missing: string | null = null;
  const filled = text.replace(place, (_whole, name: string) => {
    const value = valueOf(name);
    if (value === undefined) missing ??= name;
    return value ?? '';
  });
  return missing === null ? { text: filled } : { missing };
}

export const isTemplate = (text: string): boolean => text.includes('{{');
