import { useQuery, useQueryClient } from '@tanstack/react-query'
import { SlidersHorizontal } from 'lucide-react'
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { AgentSummary } from '../../../contract/agents.ts'
import type { Conversation } from '../../../contract/conversations.ts'
import type { AgentId, ConversationId, MessageId, ModelId } from '../../../contract/ids.ts'
import type { Message } from '../../../contract/messages.ts'
import { api, query } from '../../api.ts'
import { toApiError } from '../../errors.ts'
import { ScreenBar } from '../../shell/screen-bar.tsx'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Notice } from '../../ui/states.tsx'
import { useShortcut } from '../../ui/shortcut.ts'
import { showError } from '../../ui/toast.tsx'
import { ArtifactOpener } from '../artifacts/artifacts-context.ts'
import { useArtifactPanel } from '../artifacts/use-artifact-panel.tsx'
import { ShareButton } from '../shares/share-button.tsx'
import { Announcer } from './announcer.tsx'
import { beginAside } from './children/begin-aside.ts'
import { Composer, type ComposerHandle } from './composer/composer.tsx'
import { SearchSwitch } from './composer/search-switch.tsx'
import { Hint } from './composer/hint.tsx'
import { useHasKeyboard } from './composer/has-keyboard.ts'
import { useAnsweringModel } from './composer/models.ts'
import { isActive, liveTurns, socket, useTurnStates } from './live/live.ts'
import { send, useOutbox } from './live/outbox.ts'
import { startLive } from './live/start-live.ts'
import { LoadFailure } from './load-failure.tsx'
import { OriginNote } from './origin-note.tsx'
import { TemporaryNote } from './temporary-note.tsx'
import { type MessageActions, MessageActionsProvider } from './transcript/message-actions-context.ts'
import { rateAnswer } from './transcript/rate-answer.ts'
import { showBranch } from './transcript/show-branch.ts'
import { Transcript, type TranscriptHandle } from './transcript/transcript.tsx'
import { TranscriptSkeleton } from './transcript/transcript-skeleton.tsx'
import { refreshEnd, transcriptOptions } from './transcript/transcript-query.ts'
import { filesOf, textOf } from './transcript/message-text.ts'
import { ShowsUsage } from './transcript/shows-usage-context.ts'
import { UsageNote } from './usage-note.tsx'
import { AgentPicker } from '../agents/agent-picker.tsx'
import { a } from '../agents/strings.ts'
import { useAgent } from '../agents/use-agents.ts'
import { useFoundMessage } from './use-found-message.ts'
import { useVersions } from './transcript/use-versions.tsx'
import { useDeleteBranch } from './use-delete-branch.ts'
import { useFork } from './use-fork.ts'
import { useFollowedTurns } from './use-followed-turns.ts'
import { useShownHighlight } from './use-shown-highlight.ts'
import { useIsTypedElsewhere, useSayTyping } from './use-typing.ts'
import './screen.css'

const MessageDetails = lazy(() => import('./transcript/message-details.tsx').then((module) => ({ default: module.MessageDetails })))

const ShareDialog = lazy(() => import('../shares/share-dialog.tsx').then((module) => ({ default: module.ShareDialog })))
const SavePromptDialog = lazy(() => import('../prompts/save-prompt-dialog.tsx').then((module) => ({ default: module.SavePromptDialog })))
const FeedbackReason = lazy(() => import('./transcript/feedback-reason.tsx').then((module) => ({ default: module.FeedbackReason })))

const AskAside = lazy(() => import('./children/ask-aside.tsx').then((module) => ({ default: module.AskAside })))

const SettingsDialog = lazy(() => import('./settings-dialog.tsx').then((module) => ({ default: module.SettingsDialog })))

interface Props {
  conversationId: string
  /** To be shown first, wherever it is: a hit of a search. */
  messageId?: string | undefined
  highlightId?: string | undefined
  /** What stands beside it. */
  artifact?: string | undefined
}

export function ConversationScreen({ conversationId: rawId, messageId, highlightId, artifact }: Props) {
  const id = rawId as ConversationId
  const client = useQueryClient()
  const conversation = useQuery(query.conversations.get.queryOptions({ input: { id } }))
  const transcript = useQuery(transcriptOptions(id))
  const sendings = useOutbox(id)
  const [editingId, setEditingId] = useState<MessageId | null>(null)
  const [details, setDetails] = useState<Message | null>(null)
  const [unexplained, setUnexplained] = useState<Message | null>(null)
  const [savedPrompt, setSavedPrompt] = useState<Message | null>(null)
  const [asidesMessage, setAsidesMessage] = useState<Message | null>(null)
  const [sharedTo, setSharedTo] = useState<MessageId | null>(null)
  const [isSettingsOpen, setSettingsOpen] = useState(false)
  const [kept, setKept] = useState<{ id: ConversationId; error: Error } | null>(null)
  const [stoppingId, setStoppingId] = useState<string | null>(null)
  const column = useRef<TranscriptHandle>(null)
  const composer = useRef<ComposerHandle>(null)
  const sayTyping = useSayTyping(id)
  const isTypedElsewhere = useIsTypedElsewhere(id)
  const { agent, isGone: isAgentGone } = useAgent(conversation.data?.agentId)
  const model = useAnsweringModel(conversation.data?.modelId ?? agent?.current.modelId)

  useEffect(startLive, [])
  useFollowedTurns(transcript.data)
  useTurnStates()
  useFoundMessage(id, messageId, transcript.data !== undefined, column)
  useShownHighlight(id, highlightId, transcript.data !== undefined, column)

  const window = transcript.data
  const artifacts = useArtifactPanel({ conversationId: id, window, address: artifact, column })
  const active = window ? firstActive([...window.messages.values()]) : undefined
  const activeState = active?.answer && (liveTurns.get(active.answer.turnId)?.state ?? active.answer.state)
  const isAnswering = active !== undefined
  /** Where a card of a question aside goes: nothing is below it. */
  const lastMessage = window?.messages.get(window.pathLength - 1)
  // What was read is still here, but nothing can be said in it any more.
  const isGone = conversation.error !== null && toApiError(conversation.error).code === 'conversation.not_found'

  const toEnd = useCallback(() => requestAnimationFrame(() => column.current?.toEnd()), [])
  const switchTo = useCallback(
    (message: Message, siblingId: MessageId) => {
      column.current?.keepFocus(siblingId)
      showBranch(id, message.depth, siblingId).catch((error: unknown) => showError(error, t('conversation.branch.failed')))
    },
    [id],
  )
  const hasKeyboard = useHasKeyboard()
  /** The answer that was asked for again takes its buttons along, and a list that is closing gives the focus to its own: so now, and once more. */
  const toField = useCallback(() => {
    if (!hasKeyboard) return
    composer.current?.focus()
    setTimeout(() => composer.current?.focus(), 60)
  }, [hasKeyboard])
  const versions = useVersions({ conversationId: id, window, switchTo, toEnd })

  const fork = useFork(id)
  const remove = useDeleteBranch(
    id,
    useCallback(() => composer.current?.focus(), []),
  )

  const actions = useMemo<MessageActions>(() => {
    return {
      ...versions.actions,
      fork,
      remove,
      askAside: setAsidesMessage,
      startEdit: (message) => setEditingId(message.id),
      cancelEdit: () => {
        setEditingId(null)
        composer.current?.focus()
      },
      submitEdit: (message, text, files) => {
        setEditingId(null)
        send({ conversationId: id, text, files, depth: message.depth, parentId: message.parentId })
        composer.current?.focus()
        toEnd()
      },
      tryAgain: (message, modelId) => {
        const isAnswer = message.role === 'assistant'
        const question = isAnswer ? message.parentId : message.id
        if (question === null) return
        send({
          conversationId: id,
          text: '',
          depth: isAnswer ? message.depth : message.depth + 1,
          tryAgain: question,
          ...(modelId === undefined ? {} : { modelId }),
        })
        toEnd()
        toField()
      },
      switchBranch: switchTo,
      withdraw: (message) => {
        const turnId = message.answer?.turnId
        if (turnId === undefined) return
        const question = transcriptMessage(id, message.parentId)
        socket.stopTurn(turnId).then(
          () => {
            if (question) composer.current?.insert(textOf(question.parts), filesOf(question.parts))
            void refreshEnd(id)
          },
          (error: unknown) => showError(error, t('conversation.withdraw.failed')),
        )
      },
      rate: (message, feedback) => void rateAnswer(message, feedback),
      askReason: setUnexplained,
      showDetails: setDetails,
      savePrompt: setSavedPrompt,
      decide: async (turnId, callId, decision, scope) => {
        await socket.decide(turnId, callId, decision, scope)
      },
      toComposer: (text, files) => composer.current?.insert(text, files),
      quote: (text) => composer.current?.quote(text),
    }
    function transcriptMessage(conversationId: ConversationId, messageId: MessageId | null) {
      const known = client.getQueryData(transcriptOptions(conversationId).queryKey)
      return [...(known?.messages.values() ?? [])].find((message) => message.id === messageId)
    }
  }, [id, client, toEnd, toField, switchTo, fork, remove, versions.actions])

  function stop() {
    const turnId = active?.answer?.turnId
    if (turnId === undefined || stoppingId === turnId) return
    setStoppingId(turnId)
    socket.stopTurn(turnId).catch((error: unknown) => {
      setStoppingId(null)
      showError(error, t('conversation.composer.stop.failed'))
    })
  }
  useShortcut('Esc', () => isAnswering && !isGone && stop())

  function editLast() {
    const last =
      window && [...window.messages.values()].filter((message) => message.role === 'user').toSorted((a, b) => b.depth - a.depth)[0]
    if (last) setEditingId(last.id)
  }

  async function chooseModel(modelId: ModelId) {
    const key = query.conversations.get.queryKey({ input: { id } })
    const before = client.getQueryData<Conversation>(key)
    client.setQueryData<Conversation>(key, (known) => known && { ...known, modelId })
    try {
      await api.conversations.update({ id, modelId })
      void client.invalidateQueries({ queryKey: query.conversations.getSettings.queryKey({ input: { id } }) })
    } catch (error) {
      client.setQueryData(key, before)
      showError(error, t('conversation.model.failed'))
    }
  }

  async function chooseAgent(agentId: AgentId | null) {
    const key = query.conversations.get.queryKey({ input: { id } })
    const before = client.getQueryData<Conversation>(key)
    client.setQueryData<Conversation>(key, (known) => known && { ...known, agentId })
    try {
      await api.conversations.update({ id, agentId })
      void client.invalidateQueries({ queryKey: query.conversations.getSettings.queryKey({ input: { id } }) })
    } catch (error) {
      client.setQueryData(key, before)
      showError(error, a('choose.failed'))
    }
    toField()
  }

  async function askAgent(message: Message, asked: AgentSummary, text: string): Promise<boolean> {
    try {
      await beginAside(message, text, asked.id)
      toEnd()
      return true
    } catch (error) {
      showError(error, a('mention.failed'))
      return false
    }
  }

  function shareDetails() {
    setSharedTo(details?.id ?? null)
    setDetails(null)
  }

  const title = conversation.data?.title || t('conversation.untitled')
  const current = conversation.error ?? transcript.error
  // Asked again, a query that failed forgets that it did: what cannot be written in must not look for a moment as if it could.
  if (current && (kept?.id !== id || kept.error !== current)) setKept({ id, error: current })
  if (!current && kept && conversation.data) setKept(null)
  const failure = current ?? (!conversation.data && kept?.id === id ? kept.error : null)
  return (
    <>
      <ScreenBar
        title={conversation.data ? title : ''}
        actions={
          conversation.data && (
            <>
              {window?.pathLength ? <ShareButton conversationId={id} /> : undefined}
              <IconButton icon={SlidersHorizontal} label={t('conversation.settings')} onClick={() => setSettingsOpen(true)} />
            </>
          )
        }
      />
      {conversation.data?.expiresAt && <TemporaryNote conversation={conversation.data} expiresAt={conversation.data.expiresAt} />}
      {conversation.data?.usageAlertedAt && conversation.data.usageAlertNanoUsd && (
        <UsageNote alertNanoUsd={conversation.data.usageAlertNanoUsd} onChange={() => setSettingsOpen(true)} />
      )}
      {conversation.data && <OriginNote conversation={conversation.data} />}
      {isAgentGone && (
        <div className="screen-note">
          <Notice
            tone="warning"
            action={
              <Button size="s" onClick={() => void chooseAgent(null)}>
                {a('gone.without')}
              </Button>
            }
          >
            {a('gone.text')}
          </Notice>
        </div>
      )}
      {failure && (!window || isGone) ? (
        <LoadFailure
          error={failure}
          onRetry={() => {
            void conversation.refetch()
            void transcript.refetch()
          }}
        />
      ) : (
        <MessageActionsProvider value={actions}>
          <ShowsUsage value={conversation.data?.showsUsage ?? false}>
            {window ? (
              <ArtifactOpener value={artifacts.open}>
                <Transcript
                  ref={column}
                  conversationId={id}
                  window={window}
                  sendings={sendings}
                  editingId={editingId}
                  foundId={messageId}
                />
              </ArtifactOpener>
            ) : (
              <TranscriptSkeleton />
            )}
          </ShowsUsage>
          <Composer
            ref={composer}
            draftKey={id}
            conversationId={id}
            workspaceId={conversation.data?.workspaceId}
            placeholder={isAnswering ? t('conversation.composer.placeholder.follow') : t('conversation.composer.placeholder')}
            hint={
              <Hint
                model={model}
                answer={active?.answer ?? undefined}
                state={activeState ?? undefined}
                isTypedElsewhere={isTypedElsewhere}
              />
            }
            model={model}
            onModel={(modelId) => void chooseModel(modelId)}
            agentPicker={
              conversation.data && <AgentPicker value={conversation.data.agentId} onChange={(chosen) => void chooseAgent(chosen)} />
            }
            searchSwitch={conversation.data && <SearchSwitch conversation={conversation.data} />}
            onAskAside={lastMessage && ((asked, text) => askAgent(lastMessage, asked, text))}
            onSend={(text, files) => {
              send({ conversationId: id, text, files, ...(conversation.data?.modelId ? { modelId: conversation.data.modelId } : {}) })
              requestAnimationFrame(() => column.current?.toEnd())
              return true
            }}
            isAnswering={isAnswering}
            isStopping={stoppingId !== null && stoppingId === active?.answer?.turnId}
            onStop={stop}
            onEditLast={editLast}
            onTyping={sayTyping}
          />
          {versions.dialogs}
          {artifacts.panel}
        </MessageActionsProvider>
      )}
      <Announcer conversationId={id} isWaiting={activeState === 'waiting'} />
      <Suspense>{details && <MessageDetails message={details} onClose={() => setDetails(null)} onShare={shareDetails} />}</Suspense>
      <Suspense>{asidesMessage && <AskAside message={asidesMessage} onClose={() => setAsidesMessage(null)} />}</Suspense>
      <Suspense>{sharedTo && <ShareDialog conversationId={id} messageId={sharedTo} onClose={() => setSharedTo(null)} />}</Suspense>
      <Suspense>{savedPrompt && <SavePromptDialog text={textOf(savedPrompt.parts)} onClose={() => setSavedPrompt(null)} />}</Suspense>
      <Suspense>{unexplained && <FeedbackReason message={unexplained} onClose={() => setUnexplained(null)} />}</Suspense>
      <Suspense>
        {isSettingsOpen && conversation.data && <SettingsDialog conversation={conversation.data} onClose={() => setSettingsOpen(false)} />}
      </Suspense>
    </>
  )
}

/** The one that is being written, or waits for a person; those queued behind it come later. */
function firstActive(messages: Message[]): Message | undefined {
  return messages.filter((message) => isActive(message)).toSorted((a, b) => a.depth - b.depth)[0]
}
