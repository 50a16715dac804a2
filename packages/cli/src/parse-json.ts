const BYTE_ORDER_MARK = "\uFEFF";

/** The value of a JSON text; the mark that some editors put at its beginning is passed over. */
export function parseJson(text: string): unknown {
  return JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
}
