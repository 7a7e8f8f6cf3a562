/** `fetch_page` is read as "Fetch page", `github__search_issues` as "Search issues" of "github". */
export function toolTitle(name: string): { label: string; source: string | undefined } {
  const cut = name.indexOf('__')
  const [source, own] = cut > 0 && cut + 2 < name.length ? [name.slice(0, cut), name.slice(cut + 2)] : [undefined, name]
  return { label: inWords(own), source }
}

function inWords(name: string): string {
  const words = name.replaceAll(/[_.-]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
