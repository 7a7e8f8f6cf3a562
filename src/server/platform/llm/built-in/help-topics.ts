export interface HelpTopic {
  title: string
  /** Words that people use for it, beside those of the title. */
  words: string
  text: string
}

/** What the offline assistant knows of Parley. Each topic says how to do a thing, in the words of the screens. */
export const helpTopics: HelpTopic[] = [
  {
    title: 'Connect a provider',
    words:
      'add connection provider connections key openai anthropic claude google gemini xai grok chatgpt gpt model api token account paid cloud set setup configure',
    text: `1. Open **Settings → Connections** and press **Add connection**.
2. Choose the provider: OpenAI, Anthropic, Google Gemini, xAI, an OpenAI-compatible server, or Ollama.
3. Paste the key that the provider gave you. It is tested at once, then sealed; nobody sees it again, only its last four characters.
4. Choose one of its models at the box where you write.

A key can also be given to the whole server by an environment variable: \`OPENAI_API_KEY\`, \`ANTHROPIC_API_KEY\`, \`GOOGLE_API_KEY\`, \`XAI_API_KEY\`.`,
  },
  {
    title: 'Ollama and local models',
    words: 'ollama local llama offline own machine private model lmstudio vllm llamacpp gpu run free compatible',
    text: `Ollama on the same machine is found by itself (\`http://127.0.0.1:11434\`); pull a model with \`ollama pull llama3.2\` and it appears in the model picker. Elsewhere, set \`OLLAMA_BASE_URL\`, or \`off\` to not look for it.

LM Studio, vLLM, llama.cpp and others are added as an **OpenAI-compatible** connection with their address, such as \`http://localhost:1234/v1\`. An address in a private network must be permitted in \`EGRESS_ALLOW\`.`,
  },
  {
    title: 'Choose a model',
    words: 'pick switch change model picker default another select different which',
    text: `Press the model's name at the box where you write and search. The choice holds for this conversation. The default for new conversations is under **Settings → Defaults and budget**. A model of another provider can answer the same message: press **try again** on an answer after changing the model.`,
  },
  {
    title: 'Which key pays',
    words: 'key pays pay charged cost whose billing personal workspace house own origin',
    text: `In this order: the key chosen for the conversation, your own default key for the provider, the workspace's, the house's (set up by the administrator). A personal key pays only for its owner. The model picker shows which one would pay now, and each answer says which one did.`,
  },
  {
    title: 'API keys and the OpenAI-compatible API',
    words:
      'api key keys v1 openai client sdk python javascript program programmatically curl endpoint http rest token bearer script integrate integration access developer',
    text: `Make a key under **Settings → API keys** (it is shown once), or on the server with \`npm run -s parley -- key create --user you@example.org\`.

\`\`\`python
from openai import OpenAI

client = OpenAI(base_url="http://localhost:3000/v1", api_key="YOUR_KEY")
stream = client.chat.completions.create(
    model="parley-offline",
    messages=[{"role": "user", "content": "Hello"}],
    stream=True,
)
for chunk in stream:
    print(chunk.choices[0].delta.content or "", end="")
\`\`\`

\`/v1/models\` lists the models and \`/v1/embeddings\` makes embeddings. With \`store: true\` the conversation is kept and appears in the web app.`,
  },
  {
    title: 'Parley API, events and WebSocket',
    words: 'api websocket ws socket sse events stream streaming resume openapi rest turn turns http live subscribe',
    text: `\`POST /api/conversations/{id}/turns\` starts an answer, \`GET /api/turns/{id}/events\` follows it (server-sent events, resumed with \`Last-Event-ID\`), \`POST /api/turns/{id}/stop\` stops it. The WebSocket at \`/ws\` does all of that too. An API key goes into the header \`Authorization: Bearer …\`.`,
  },
  {
    title: 'Keyboard shortcuts',
    words: 'keyboard shortcut shortcuts hotkey keys press enter palette navigate bindings',
    text: `| Keys | What |
|---|---|
| \`Enter\` / \`Shift+Enter\` | send / new line |
| \`Esc\` | stop the answer |
| \`↑\` in the empty box | edit your last message |
| \`Ctrl/⌘ K\` | command palette |
| \`Ctrl/⌘ Shift O\` | new conversation |
| \`Ctrl/⌘ B\` | show or hide the sidebar |
| \`Ctrl/⌘ ,\` | settings |
| \`J\` / \`K\` | next / previous message |
| \`C\` \`E\` \`R\` | copy, edit, try again (on a focused message) |
| \`?\` | all shortcuts |`,
  },
  {
    title: 'Edit, try again and branches',
    words: 'edit regenerate retry try again branch branches versions alternative undo change message sibling tree fork',
    text: `Nothing is overwritten. Editing a message, or trying an answer again, adds an alternative beside it; \`‹ 2/3 ›\` switches between them. Each alternative keeps what followed it.`,
  },
  {
    title: 'Stop, follow up, and reload while an answer runs',
    words: 'stop cancel abort follow up queue reload refresh close tab lost disconnect resume continue interrupted running answering',
    text: `**Stop** (or \`Esc\`) ends the answer and keeps what has arrived. A message that you send meanwhile waits and is answered next. You may close the tab: the answer goes on at the server, and any tab or device shows it from where it is. If the server itself is killed, another process or the restarted one goes on.`,
  },
  {
    title: 'Tools and permissions',
    words: 'tool tools permission allow deny ask fetch page calculate web function approve decision always',
    text: `Some models may use tools: fetch a page as text, or calculate. Where a tool needs your permission, the answer waits until you choose *allow* or *deny*, once or always for this conversation. The question is still there after a reload. A denial is told to the model, and it answers without.`,
  },
  {
    title: 'Find, rename and delete conversations',
    words: 'search find rename title delete remove restore trash undo history sidebar list conversation conversations archive old',
    text: `The sidebar lists conversations by time; \`Ctrl/⌘ K\` searches their titles. Rename and delete are in the menu beside each one. A deleted conversation can be brought back with **Undo**.`,
  },
  {
    title: 'Cost, usage and budgets',
    words: 'cost costs price prices usage tokens budget limit spend spending money expensive quota bill report unknown',
    text: `Every model call leaves a row under **Settings → Usage**: tokens, cost, model, and which key paid. Prices come from a maintained catalogue and can be corrected by an administrator under **Settings → Models**; a price that is not known is shown as unknown, never as zero. A workspace can have a budget per day, week or month, set under **Settings → Defaults and budget**: it is reserved before a call and settled after, so it is not overspent.`,
  },
  {
    title: 'People, invitations and roles',
    words:
      'people person user users invite invitation invitations member members team role roles admin administrator account accounts sign up signup register disable colleague workspace',
    text: `The first account is the administrator's, opened by the one-time link that the server prints at its first start (or made by \`ADMIN_EMAIL\` and \`ADMIN_PASSWORD\`). \`SIGN_UP\` says who may join: \`open\`, \`invitation\` or \`closed\`. Under **Settings → People** an account can be disabled; its keys, sessions and running answers then end within seconds.`,
  },
  {
    title: 'Password, sign-in and sessions',
    words: 'password sign in login log out logout session sessions device email forgot reset change revoke security profile',
    text: `Under **Settings → E-mail and password** you change both; under **Settings → Sessions** you see where you are signed in and can end any of it. Who has forgotten the password asks an administrator.`,
  },
  {
    title: 'Theme and appearance',
    words: 'theme dark light mode appearance color colour font look contrast system night',
    text: `**Settings → Appearance** has the theme: light, dark, or like the system.`,
  },
  {
    title: 'Settings of the server',
    words:
      'environment variable variables env port host config configuration configure settings server listen address public url proxy https log change 3000',
    text: `Every setting is an environment variable with a default; all are listed in the README and in \`.env.example\`. The most used: \`PORT\` (3000), \`HOST\` (127.0.0.1; \`0.0.0.0\` opens it to the network, put HTTPS in front), \`DATA_DIR\` (./data), \`PUBLIC_URL\`, \`DATABASE_URL\`, \`SIGN_UP\`. A wrong value stops the start, with all problems listed.`,
  },
  {
    title: 'Back up and restore',
    words: 'backup back up backups restore snapshot snapshots export save dump recover disaster copy move migrate safety',
    text: `\`npm run -s parley -- backup\` writes everything into one file, \`npm run -s parley -- restore <file>\` brings it back and verifies it. The file does not contain the vault's keys: keep \`VAULT_KEYS\`, or the key file in \`DATA_DIR\`, apart and safe, because without it sealed provider keys cannot be opened. The embedded database also keeps hourly snapshots in \`DATA_DIR\`.`,
  },
  {
    title: 'PostgreSQL instead of the embedded database',
    words: 'postgres postgresql database embedded pglite pgvector scale grow processes production performance cluster many users',
    text: `Set \`DATABASE_URL\` to PostgreSQL 15 or later with pgvector, and \`VAULT_KEYS\`. With a pooler in between, \`DIRECT_URL\` names the database itself. Any number of processes may serve the same database. The features are the same; the embedded database is for one process and small groups.`,
  },
  {
    title: 'Where data is kept, and privacy',
    words:
      'privacy private data kept stored store where secret secrets encrypted encryption sealed safe gdpr send leave telemetry security',
    text: `Everything is in the database and in \`DATA_DIR\` on your machine. Keys are sealed with AES-256-GCM. Parley sends your text only to the provider of the model you chose, and nothing anywhere else; it has no telemetry. The offline model and the built-in embeddings do not leave this machine.`,
  },
  {
    title: 'Private addresses and EGRESS_ALLOW',
    words: 'egress private address forbidden network ssrf blocked refused internal lan localhost allow permit intranet',
    text: `The server refuses to call private, loopback and metadata addresses, because a stranger's address could otherwise reach into your network. An administrator permits some with \`EGRESS_ALLOW\`: host names, addresses or networks, such as \`EGRESS_ALLOW=nas.local,10.0.0.0/8\`. An address set by the environment is permitted by that.`,
  },
  {
    title: 'Health, metrics and logs',
    words: 'health ready metrics prometheus monitor monitoring log logs logging status debug troubleshoot problem observability',
    text: `\`GET /health\` answers 200 when the server can serve, \`/ready\` when it should get traffic, \`/metrics\` is for Prometheus. \`LOG_LEVEL\` and \`LOG_FORMAT\` set the log, which contains no secrets.`,
  },
  {
    title: 'Install, start and upgrade',
    words: 'install start run upgrade update version npm node begin started getting begin first requirements docker',
    text: `\`npm start\` in a clone installs what it needs and starts on http://localhost:3000. For an upgrade, make a backup, pull the new version and start it: the database is brought up to date, or the start is refused in words.`,
  },
  {
    title: 'Embeddings',
    words: 'embedding embeddings vector vectors semantic similarity rag dimensions',
    text: `\`/v1/embeddings\` serves the embedding models of your connections, and \`parley-embed-en\`, a small model for English with 512 dimensions that is built in and works offline.`,
  },
  {
    title: 'What Parley is',
    words: 'parley about what project software purpose product open source license apache why overview introduction',
    text: `Parley is a self-hosted server for conversations with AI: one server, your own keys, any provider. People use it in the browser; programs use its HTTP, WebSocket and OpenAI-compatible interfaces. Answers survive reloads and crashes, every call is accounted for, and nothing is lost. It is free software under the Apache License 2.0.`,
  },
]
