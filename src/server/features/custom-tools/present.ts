import type { z } from 'zod'
import type { CustomTool } from '../../../contract/custom-tools.ts'
import type { WholeTool } from './store.ts'

export function presentCustomTool({ tool, operations }: WholeTool): z.input<typeof CustomTool> {
  return {
    id: tool.id,
    workspaceId: tool.workspace_id,
    name: tool.name,
    slug: tool.slug,
    description: tool.description,
    isEnabled: tool.is_enabled,
    configuration: tool.configuration,
    operations: operations.map(({ name, description, permission, is_repeatable, input_schema, binding }) => ({
      name,
      description,
      permission,
      isRepeatable: is_repeatable,
      address: binding && `${binding.method} ${binding.path}`,
      inputSchema: input_schema as z.input<typeof CustomTool>['operations'][number]['inputSchema'],
    })),
    createdAt: tool.created_at.toISOString(),
    updatedAt: tool.updated_at.toISOString(),
  }
}
