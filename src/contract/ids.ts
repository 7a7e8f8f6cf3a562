import { z } from 'zod'

/**
 * Branded ids. Every id a client may name carries the resource it belongs to, so the generated authorisation test can put a
 * foreign id at every position. All are UUIDv7 made by the server: neither secret nor an order.
 */
function id<Brand extends string>(brand: Brand) {
  return z.uuid().brand(brand).meta({ resourceId: brand })
}

export const WorkspaceId = id('workspace')
export const UserId = id('user')
export const SessionId = id('session')
export const ApiKeyId = id('api-key')
export const ConnectionId = id('connection')
export const ModelId = id('model')
export const ConversationId = id('conversation')
export const MessageId = id('message')
export const TurnId = id('turn')
export const InstallationId = id('installation')
export const PageId = id('page')
export const PageLinkId = id('page-link')
export const PageFaqId = id('page-faq')
export const UnansweredId = id('unanswered')
export const ShareId = id('share')
export const HighlightId = id('highlight')
export const AttachmentId = id('attachment')
export const PromptId = id('prompt')
export const AgentId = id('agent')
export const PromptVersionId = id('prompt-version')
export const MemoryId = id('memory')
export const ImportId = id('import')
export const ToolPermissionId = id('tool-permission')
export const CustomToolId = id('custom-tool')
export const GuardrailId = id('guardrail')
export const McpServerId = id('mcp-server')
export const McpToolId = id('mcp-tool')
export const McpPromptId = id('mcp-prompt')
export const AgentPackageId = id('agent-package')
export const PackageInspectionId = id('package-inspection')
export const AppId = id('app')
export const ToolQuestionId = id('tool-question')

export type WorkspaceId = z.infer<typeof WorkspaceId>
export type UserId = z.infer<typeof UserId>
export type SessionId = z.infer<typeof SessionId>
export type ApiKeyId = z.infer<typeof ApiKeyId>
export type ConnectionId = z.infer<typeof ConnectionId>
export type ModelId = z.infer<typeof ModelId>
export type ConversationId = z.infer<typeof ConversationId>
export type MessageId = z.infer<typeof MessageId>
export type TurnId = z.infer<typeof TurnId>
export type InstallationId = z.infer<typeof InstallationId>
export type PageId = z.infer<typeof PageId>
export type PageLinkId = z.infer<typeof PageLinkId>
export type PageFaqId = z.infer<typeof PageFaqId>
export type UnansweredId = z.infer<typeof UnansweredId>
export type ShareId = z.infer<typeof ShareId>
export type HighlightId = z.infer<typeof HighlightId>
export type AttachmentId = z.infer<typeof AttachmentId>
export type PromptId = z.infer<typeof PromptId>
export type AgentId = z.infer<typeof AgentId>
export type PromptVersionId = z.infer<typeof PromptVersionId>
export type MemoryId = z.infer<typeof MemoryId>
export type ImportId = z.infer<typeof ImportId>
export type ToolPermissionId = z.infer<typeof ToolPermissionId>
export type CustomToolId = z.infer<typeof CustomToolId>
export type GuardrailId = z.infer<typeof GuardrailId>
export type McpServerId = z.infer<typeof McpServerId>
export type McpToolId = z.infer<typeof McpToolId>
export type McpPromptId = z.infer<typeof McpPromptId>
export type AgentPackageId = z.infer<typeof AgentPackageId>
export type PackageInspectionId = z.infer<typeof PackageInspectionId>
export type AppId = z.infer<typeof AppId>
export type ToolQuestionId = z.infer<typeof ToolQuestionId>

/** An instant in UTC, ISO 8601 with `Z`. */
export const Instant = z.iso.datetime()

/** Money: whole nano-dollars (1e-9 USD) as a decimal string, since a JSON number would lose digits past 2^53. */
export const NanoUsd = z.string().regex(/^\d{1,18}$/)
