/** Positions in a turn's stream are `<epoch>.<seq>`; a takeover begins a new epoch. */
export function isAfter(id: string, seen: string | undefined): boolean {
  if (seen === undefined) return true
  const [epoch, sequence] = split(id)
  const [seenEpoch, seenSequence] = split(seen)
  return epoch === seenEpoch ? sequence > seenSequence : epoch > seenEpoch
}

function split(id: string): [number, number] {
  const dot = id.indexOf('.')
  return dot < 0 ? [0, Number(id)] : [Number(id.slice(0, dot)), Number(id.slice(dot + 1))]
}
