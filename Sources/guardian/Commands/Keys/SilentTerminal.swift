import Dispatch
import Foundation

/// Turns off the terminal's echo while a passphrase is typed. The terminal is restored
/// also when a signal ends the program.
enum SilentTerminal {
    private static let endingSignals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

    /// Runs `body` without echo.
    ///
    /// - Returns: the result of `body`; `nil` when standard input is not a terminal.
    static func withoutEcho<Value>(_ body: () -> Value?) -> Value? {
        var terminal = termios()
        guard tcgetattr(STDIN_FILENO, &terminal) == 0 else { return nil }
        let before = terminal
        // Handle signals before turning off the echo: a signal in between would leave it off.
        let sources = endingSignals.map { handler(for: $0, restoring: before) }
        defer {
            for (source, ending) in zip(sources, endingSignals) {
                source.cancel()
                signal(ending, SIG_DFL)
            }
        }
        terminal.c_lflag &= ~tcflag_t(ECHO)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal) == 0 else { return nil }
        defer { restore(before) }
        return body()
    }

    /// Returns a handler that restores the terminal and then ends the program with the signal.
    private static func handler(for ending: Int32, restoring before: termios) -> any DispatchSourceSignal {
        signal(ending, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: ending, queue: .global())
        source.setEventHandler {
            restore(before)
            signal(ending, SIG_DFL)
            kill(getpid(), ending)
        }
        // Dispatch registers the source on a thread of its own. Until then the signal is ignored: on a busy machine one that
        // came just after the prompt was lost.
        let registered = DispatchSemaphore(value: 0)
        source.setRegistrationHandler { registered.signal() }
        source.resume()
        registered.wait()
        return source
    }

    private static func restore(_ terminal: termios) {
        var terminal = terminal
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal)
    }
}
