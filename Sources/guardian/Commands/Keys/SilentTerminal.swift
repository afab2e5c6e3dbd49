import Dispatch
import Foundation

/// The terminal with its echo off, for as long as a passphrase is typed: also a signal that ends the program leaves the
/// terminal as it was.
enum SilentTerminal {
    private static let endings = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

    /// - Returns: what `body` yields; `nil` when standard input is no terminal.
    static func during<Value>(_ body: () -> Value?) -> Value? {
        var terminal = termios()
        guard tcgetattr(STDIN_FILENO, &terminal) == 0 else { return nil }
        let before = terminal
        // They must be caught before the echo goes: what comes in between would leave it off.
        let sources = endings.map { caught($0, restoring: before) }
        defer {
            for (source, ending) in zip(sources, endings) {
                source.cancel()
                signal(ending, SIG_DFL)
            }
        }
        terminal.c_lflag &= ~tcflag_t(ECHO)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal) == 0 else { return nil }
        defer { restore(before) }
        return body()
    }

    /// Ends the program as the signal would have, with the terminal restored.
    private static func caught(_ ending: Int32, restoring before: termios) -> any DispatchSourceSignal {
        signal(ending, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: ending, queue: .global())
        source.setEventHandler {
            restore(before)
            signal(ending, SIG_DFL)
            kill(getpid(), ending)
        }
        source.resume()
        return source
    }

    private static func restore(_ terminal: termios) {
        var terminal = terminal
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal)
    }
}
