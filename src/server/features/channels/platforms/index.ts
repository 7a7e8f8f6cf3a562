import type { Platform } from '../../../../contract/channels.ts'
import type { PlatformAdapter } from './platform.ts'
import { telegram } from './telegram.ts'
import { webhook } from './webhook.ts'

export const platforms: Record<Platform, PlatformAdapter> = { webhook, telegram }
