const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** For text and attributes of XML and HTML; characters that XML cannot hold are shown as a question mark. */
export function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"]/g, (each) => entities[each]!)
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '?');
}
