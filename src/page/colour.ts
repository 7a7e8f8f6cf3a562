// Colours as people see them (OKLCH), so that lightness can move while the hue stays. https://bottosson.github.io/posts/oklab/

type Triple = [number, number, number]

const toLinear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
const fromLinear = (value: number) => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055)

function linearOf(hex: string): Triple {
  return [1, 3, 5].map((at) => toLinear(Number.parseInt(hex.slice(at, at + 2), 16) / 255)) as Triple
}

const luminance = ([r, g, b]: Triple) => 0.2126 * r + 0.7152 * g + 0.0722 * b

/** WCAG's contrast of two colours `#rrggbb`, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(linearOf(one)), luminance(linearOf(other))].sort((a, b) => b - a) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function oklabOf(hex: string): Triple {
  const [r, g, b] = linearOf(hex)
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

function linearOfOklab([lightness, a, b]: Triple): Triple {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
}

/** The nearest colour of that lightness and hue that a screen can show: the chroma gives way. */
function hexOf(lightness: number, a: number, b: number): string {
  for (let part = 1; part > 0.02; part -= 0.05) {
    const linear = linearOfOklab([lightness, a * part, b * part])
    if (linear.every((value) => value >= -0.0005 && value <= 1.0005)) return toHex(linear)
  }
  return toHex(linearOfOklab([lightness, 0, 0]))
}

function toHex(linear: Triple): string {
  const bytes = linear.map((value) => Math.round(fromLinear(Math.min(1, Math.max(0, value))) * 255))
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

/** The colour itself where it can be read on all of these, else the nearest lightness at which it can. */
export function readable(colour: string, backgrounds: readonly string[], isOnDark: boolean, atLeast = 4.5): string {
  const isReadable = (candidate: string) => backgrounds.every((background) => contrast(candidate, background) >= atLeast)
  if (isReadable(colour)) return colour
  const [from, a, b] = oklabOf(colour)
  for (let lightness = from; lightness >= 0 && lightness <= 1; lightness += isOnDark ? 0.01 : -0.01) {
    const candidate = hexOf(lightness, a, b)
    if (isReadable(candidate)) return candidate
  }
  return isOnDark ? '#ffffff' : '#000000'
}
