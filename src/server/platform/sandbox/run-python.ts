import { type CodeJob, type CodeReply, maxOutputLength, maxValueLength } from './protocol.ts'

/**
 * What stands between Python and what it runs on. Pyodide gives Python its modules `js` and `pyodide_js`: objects of JavaScript, from which everything else can be had. They are emptied, taken away, and a hook that
 * Python itself cannot remove refuses to bring them or anything that leads to them back.
 */
const prelude = `
def make():
    import sys, os, ast, io, traceback, linecache, builtins
    import pyodide.ffi, pyodide.code
    for name in ('js', 'pyodide_js'):
        try: pyodide.ffi.unregister_js_module(name)
        except Exception: pass
    closed = ('js', 'pyodide_js', '_pyodide_core', 'pyodide', '_pyodide', 'ctypes', '_ctypes')
    emptied = []
    for name in list(sys.modules):
        if name.split('.')[0] not in closed: continue
        module = sys.modules.pop(name)
        if isinstance(module, type(sys)) and name != '_pyodide_core': emptied.append(vars(module))
    sys.meta_path[:] = [one for one in sys.meta_path if (one if isinstance(one, type) else type(one)).__module__.split('.')[0] not in closed]
    os.environ.clear()
    os.environ.update({'HOME': '/home', 'LANG': 'C.UTF-8', 'PATH': '/'})
    sys.argv[:] = ['']
    os.makedirs('/files', exist_ok=True)
    os.chdir('/files')
    # Pyodide's own loop runs on the browser's. This one waits by itself; there is nothing to wait for but time.
    import asyncio, time
    class Clock:
        def select(self, timeout):
            if timeout is None: raise RuntimeError('nothing is left that could happen')
            if timeout > 0: time.sleep(timeout)
            return []
    class Loop(asyncio.BaseEventLoop):
        def __init__(self):
            super().__init__()
            self._selector = Clock()
        def _process_events(self, events): pass
        def _write_to_self(self): pass
    def run_loop(main, *, debug=None, loop_factory=None):
        with asyncio.Runner(debug=debug, loop_factory=loop_factory or Loop) as runner: return runner.run(main)
    asyncio.run = run_loop
    import importlib.util
    spec = importlib.machinery.BuiltinImporter.find_spec('time')
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    time.sleep = fresh.sleep
    asyncio.new_event_loop = Loop
    asyncio.events._set_running_loop(None)
    refused = {
        'os.system': 'there are no other programs here', 'os.exec': 'there are no other programs here', 'os.posix_spawn': 'there are no other programs here',
        'os.fork': 'there are no other programs here', 'os.forkpty': 'there are no other programs here', 'subprocess.Popen': 'there are no other programs here',
        'gc.get_objects': 'not available here', 'gc.get_referrers': 'not available here', 'gc.get_referents': 'not available here',
    }
    def hook(event, args, refused=refused, closed=closed, P=PermissionError, I=ModuleNotFoundError, tuple=tuple, str=str):
        if event == 'import':
            if str(args[0]).split('.')[0] in closed: raise I('no module of this name here')
        elif event in refused: raise P(refused[event])
        elif event[:7] == 'socket.': raise P('there is no network here')
        elif event[:7] == 'ctypes.': raise P('not available here')
    sys.addaudithook(hook)

    def run(code, limit, repr=repr, str=str, len=len, type=type, isinstance=isinstance, compile=compile, exec=exec, eval=eval, BaseException=BaseException):
        scope = {'__name__': '__main__', '__builtins__': builtins}
        linecache.cache['<code>'] = (len(code), None, code.splitlines(True), '<code>')
        try:
            tree = ast.parse(code, '<code>')
            last = ast.Expression(tree.body.pop().value) if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, '<code>', 'exec'), scope)
            value = eval(compile(last, '<code>', 'eval'), scope) if last else None
            text = None if value is None else repr(value)
            return ('', None) if text is None else (text[:limit], None)
        except SystemExit as error:
            return ('', None if error.code in (None, 0) else 'SystemExit: ' + str(error.code)[:200])
        except BaseException as error:
            told = traceback.TracebackException(type(error), error, error.__traceback__, limit=40)
            told.stack = traceback.StackSummary.from_list([frame for frame in told.stack if frame.filename != '<exec>'])
            return ('', ''.join(told.format())[-limit:])
        finally:
            try: sys.stdout.flush(); sys.stderr.flush()
            except BaseException: pass

    import json
    dumps = json.dumps
    def answer(code, limit):
        # Not before: what has called this prelude needs them to its end.
        while emptied: emptied.pop().clear()
        return dumps(run(code, limit))
    return answer
make()
`

/** Loads Python. What it gives back runs one piece of code. */
export async function openPython(address: string): Promise<(job: CodeJob) => CodeReply> {
  const { loadPyodide } = (await import(address)) as typeof import('pyodide')
  const output = { bytes: [] as number[], isCut: false }
  const write = (chunk: Uint8Array) => {
    const room = maxOutputLength - output.bytes.length
    if (chunk.length > room) output.isCut = true
    output.bytes.push(...chunk.subarray(0, Math.min(room, 65_536)))
    return chunk.length
  }
  const python = await loadPyodide({ jsglobals: Object.create(null) as object, env: {}, fullStdLib: false })
  python.setStdout({ write, isatty: false })
  python.setStderr({ write, isatty: false })
  python.setStdin({ stdin: () => null, isatty: false })
  const run = python.runPython(prelude) as (code: string, limit: number) => string
  const { FS } = python

  return ({ code, files }) => {
    for (const { name, base64 } of files)
      FS.writeFile(
        `/files/${name}`,
        Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)),
      )
    const [value, error] = JSON.parse(run(code, maxValueLength)) as [string, string | null]
    const stdout = new TextDecoder().decode(Uint8Array.from(output.bytes))
    return { stdout, isCut: output.isCut, value: value || null, error }
  }
}
