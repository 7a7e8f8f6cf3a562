/** `fetch_page` is read as "Fetch page". */
export function toolTitle(name: string): string {
  const words = name.replace(/[_.-]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
