import { type PagePreset, presetColours } from '../contract/page-choices.ts'

/** `#rrggbb` each. Text and muted text are read on surface and tile, the accent too. */
export interface Palette {
  surface: string
  /** What links and questions stand on. */
  tile: string
  line: string
  text: string
  muted: string
  accent: string
}

export interface Preset {
  light: Palette
  dark: Palette
  /** Of the name and the headings. */
  face: 'serif' | 'sans'
  /** Links divided by lines, or each on a tile of its own. */
  list: 'lines' | 'tiles'
  radius: string
}

export const presets: Record<PagePreset, Preset> = {
  paper: {
    light: { ...presetColours.paper, tile: '#f5f2eb', text: '#23211d', muted: '#625d52' },
    dark: { surface: '#181714', tile: '#22201c', line: '#38352e', text: '#ece8df', muted: '#a9a396', accent: '#7cc4d6' },
    face: 'serif',
    list: 'lines',
    radius: '10px',
  },
  slate: {
    light: { ...presetColours.slate, tile: '#ffffff', text: '#1a2029', muted: '#566070' },
    dark: { surface: '#12161c', tile: '#1a2029', line: '#2c3440', text: '#e6eaf0', muted: '#9aa5b5', accent: '#8db4ff' },
    face: 'sans',
    list: 'tiles',
    radius: '10px',
  },
  grove: {
    light: { ...presetColours.grove, tile: '#fbfcf8', text: '#1d2419', muted: '#55604b' },
    dark: { surface: '#12170f', tile: '#1b2217', line: '#2e3827', text: '#e6ecdf', muted: '#a0ad93', accent: '#9ccf82' },
    face: 'sans',
    list: 'tiles',
    radius: '18px',
  },
  dusk: {
    light: { ...presetColours.dusk, tile: '#f4eaec', text: '#2a1c24', muted: '#6b5563' },
    dark: { surface: '#1a1219', tile: '#251a24', line: '#3c2c3a', text: '#f0e5ec', muted: '#b49fae', accent: '#f09cc4' },
    face: 'serif',
    list: 'tiles',
    radius: '14px',
  },
}
