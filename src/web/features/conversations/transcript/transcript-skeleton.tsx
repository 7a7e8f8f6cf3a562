import { t } from '../../../strings/index.ts'
import { Loading, Skeleton } from '../../../ui/skeleton.tsx'

/** The end of a conversation to come, in the shape it will have. */
export function TranscriptSkeleton() {
  return (
    <div className="transcript transcript-loading">
      <Loading label={t('conversation.loading')}>
        <div className="transcript-column">
          {[0, 1].map((turn) => (
            <div key={turn}>
              <div className="gap" data-role="user">
                <Skeleton height="3rem" />
              </div>
              <div className="gap" data-role="assistant">
                <Skeleton width="96%" height="0.875rem" />
                <Skeleton width="100%" height="0.875rem" />
                <Skeleton width="91%" height="0.875rem" />
                <Skeleton width="64%" height="0.875rem" />
              </div>
            </div>
          ))}
        </div>
      </Loading>
    </div>
  )
}
