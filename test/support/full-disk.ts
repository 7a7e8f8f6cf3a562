// Loaded with --import: once the path in FULL_DISK_FLAG exists, every write of a file in this process and its threads says that the disk is full.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const flag = process.env.FULL_DISK_FLAG
const { writeSync, existsSync } = fs

fs.writeSync = ((fd: number, ...rest: never[]) => {
  if (fd > 2 && flag && existsSync(flag))
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', errno: -28, syscall: 'write' })
  return (writeSync as (fd: number, ...rest: never[]) => number)(fd, ...rest)
}) as typeof fs.writeSync
syncBuiltinESMExports()
