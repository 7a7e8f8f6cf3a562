import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import type { ModelId } from '../../../../contract/ids.ts'
import { t } from '../../../strings/index.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { ModelPicker } from '../composer/model-picker.tsx'
import { useModels } from '../composer/models.ts'
import './compare.css'

interface Props {
  firstId: ModelId | null
  onAsk: (modelIds: readonly ModelId[]) => void
  onClose: () => void
}

/** Two models for the same question; the one that has answered is the first proposal. */
export function TwoModels({ firstId, onAsk, onClose }: Props) {
  const { data } = useModels()
  const models = data?.models ?? []
  const [chosen, setChosen] = useState<readonly [ModelId | null, ModelId | null]>([firstId, null])
  const first = models.find(({ id }) => id === chosen[0]) ?? models[0]
  const second = models.find(({ id }) => id === chosen[1]) ?? models.find(({ id }) => id !== first?.id) ?? first
  const pair = [first, second] as const

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('conversation.two')}
      description={t('conversation.two.help')}
      footer={
        <>
          <Button variant="quiet" onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button
            variant="primary"
            disabled={!first || !second}
            onClick={() => {
              if (first && second) onAsk([first.id, second.id])
              onClose()
            }}
          >
            {t('conversation.two.ask')}
          </Button>
        </>
      }
    >
      <div className="two-models">
        {pair.map((model, index) => (
          <ModelPicker
            key={index}
            side="bottom"
            label={t('conversation.two.choose', { number: index + 1 })}
            value={model?.id ?? null}
            onChange={(id) => setChosen(index === 0 ? [id, second?.id ?? null] : [first?.id ?? null, id])}
            trigger={
              <button
                type="button"
                className="input two-models-choice"
                aria-label={t('conversation.two.chosen', { number: index + 1, name: model?.name ?? '' })}
              >
                <span>{model?.name ?? t('conversation.model.loading')}</span>
                <ChevronDown size={16} strokeWidth={1.75} aria-hidden />
              </button>
            }
          />
        ))}
      </div>
    </Dialog>
  )
}
