import type { ServerResponse } from 'node:http'
import type { Answer, Script } from './script.ts'
import type { Frame, Wire } from './wire/wire.ts'

const nowMark = '{{now}}'

/** Streams whole answers from memory: a script is turned into bytes once, however often it is asked for. Answers with tool calls have fresh ids. */
export class FrameCache {
  readonly #frames = new Map<string, Frame[]>()

  get(key: string, answer: Answer, make: () => Frame[]): Frame[] {
    if (answer.toolCalls.length > 0) return make()
    let frames = this.#frames.get(key)
    if (!frames) {
      if (this.#frames.size > 500) this.#frames.clear()
      frames = make()
      this.#frames.set(key, frames)
    }
    return frames
  }
}

/** Sends the frames at the script's pace, with its fault if it has one. `onCut` hears of a reader who leaves before the end. */
export function sendStream(response: ServerResponse, wire: Wire, script: Script, frames: Frame[], onCut: () => void): void {
  let timer: NodeJS.Timeout | undefined
  response.on('close', () => {
    clearTimeout(timer)
    if (!response.writableFinished) onCut()
  })
  response.writeHead(200, { 'content-type': wire.contentType, 'cache-control': 'no-cache' })
  const faultAfter = script.fault ? (script.after ?? 3) : Infinity
  const delayMs = script.delayMs ?? 0

  if (delayMs === 0 && !script.firstDelayMs && faultAfter === Infinity) {
    response.end(stamped(frames.map((frame) => frame.data).join('')))
    return
  }

  let next = 0
  let tokens = 0
  const sendUpTo = (mayTake: (frame: Frame) => boolean): void => {
    let packet = ''
    for (; next < frames.length && mayTake(frames[next]!); next++) {
      if (frames[next]!.isPaced && tokens++ === faultAfter) {
        if (packet !== '') response.write(stamped(packet))
        breakOff(response, wire, script)
        return
      }
      packet += frames[next]!.data
    }
    const isEnd = next === frames.length
    if (isEnd && faultAfter === Infinity) response.end(stamped(packet))
    // A fault that comes later than the answer has tokens comes at its end, before what says that it is complete.
    else if (isEnd) breakOff(response, wire, script)
    else {
      if (packet !== '') response.write(stamped(packet))
      timer = setTimeout(sendToken, tokens === 0 ? (script.firstDelayMs ?? delayMs) : delayMs)
    }
  }
  // A token takes along what belongs to it: everything up to the next token goes out in the same packet.
  const sendToken = () => {
    let isTaken = false
    sendUpTo((frame) => delayMs === 0 || !frame.isPaced || (!isTaken && (isTaken = true)))
  }
  response.flushHeaders()
  sendUpTo((frame) => !frame.isPaced || (delayMs === 0 && !script.firstDelayMs))
}

function breakOff(response: ServerResponse, wire: Wire, script: Script): void {
  switch (script.fault) {
    case 'stall':
      return
    case 'cut':
      // Only once what was written has left, or the reader would miss tokens that were sent.
      response.write('', () => setImmediate(() => response.destroy()))
      return
    case 'invalid-sse':
      response.end('data: {"this is not": json\n\n')
      return
    case 'stream-error':
      response.end(wire.streamError())
      return
    default:
      response.end()
  }
}

function stamped(packet: string): string {
  return packet.includes(nowMark) ? packet.replaceAll(nowMark, () => (performance.timeOrigin + performance.now()).toFixed(3)) : packet
}
