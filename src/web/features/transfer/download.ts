/** Has the browser save what this server answers: it shows how far it is, and can stop it. */
export function download(path: string): void {
  const link = document.createElement('a')
  link.href = path
  link.download = ''
  link.click()
}

export const downloadConversation = (id: string, format: 'markdown' | 'json'): void =>
  download(`/api/conversations/${encodeURIComponent(id)}/export?format=${format}`)
