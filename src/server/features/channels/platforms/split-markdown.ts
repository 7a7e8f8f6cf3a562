/** Markdown in pieces of at most so many characters, cut where a person would: between paragraphs, else lines, else words. A code block is closed and opened again. */
export function splitMarkdown(markdown: string, maxLength: number): string[] {
  const pieces: string[] = []
  let rest = markdown
  let fence = ''
  while (rest.length > maxLength) {
    const room = maxLength - fence.length - 8
    const window = rest.slice(0, room)
    const cut = [window.lastIndexOf('\n\n'), window.lastIndexOf('\n'), window.lastIndexOf(' ')].find((at) => at > room / 2) ?? room
    const piece = fence + rest.slice(0, cut)
    const open = openFence(piece)
    pieces.push(open ? `${piece}\n\`\`\`` : piece)
    rest = rest.slice(cut).trimStart()
    fence = open
  }
  if (rest.trim()) pieces.push(fence + rest)
  return pieces
}

/** The line that opens the code block in which a text ends, or nothing. */
function openFence(text: string): string {
  let open = ''
  for (const [line] of text.matchAll(/^```.*$/gm)) open = open ? '' : line
  return open && `${open}\n`
}
