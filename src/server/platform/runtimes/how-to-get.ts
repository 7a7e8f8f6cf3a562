type Part = 'python' | 'node' | 'npx' | 'uvx'

const words: Record<Part, Record<'linux' | 'darwin' | 'win32', string>> = {
  python: {
    linux: 'apt-get install python3 (Debian, Ubuntu), dnf install python3 (Fedora), apk add python3 (Alpine)',
    darwin: 'brew install python',
    win32: 'winget install Python.Python.3.13',
  },
  node: {
    linux: 'apt-get install nodejs npm (Debian, Ubuntu), dnf install nodejs (Fedora), apk add nodejs npm (Alpine), or https://nodejs.org',
    darwin: 'brew install node',
    win32: 'winget install OpenJS.NodeJS.LTS',
  },
  npx: {
    linux: 'apt-get install npm (Debian, Ubuntu), apk add npm (Alpine); elsewhere it comes with Node',
    darwin: 'brew install node',
    win32: 'winget install OpenJS.NodeJS.LTS',
  },
  uvx: {
    linux: 'pipx install uv, apk add uv (Alpine), or https://docs.astral.sh/uv',
    darwin: 'brew install uv',
    win32: 'winget install astral-sh.uv',
  },
}

/** In words for whoever runs this machine. */
export function howToGet(part: Part): string {
  const platform = process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux'
  return words[part][platform]
}
