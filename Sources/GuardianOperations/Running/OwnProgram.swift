import CSandbox
import Foundation

/// The program of this process.
public enum OwnProgram {
    /// Exit status of a process that cannot start its program again (EX_TEMPFAIL of sysexits.h): its supervisor should.
    public static let mayStartAgain: Int32 = 75

    /// The file of the program.
    static var path: String {
        let link = "/proc/self/exe"
        guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: link),
            FileManager.default.isExecutableFile(atPath: path)
        else { return link }
        return path
    }

    /// Replaces this process by its program, with the same arguments, environment and process id; of the open files only the
    /// standard ones remain. Returns only when that failed.
    public static func startAgain() {
        gsb_close_on_exec()
        var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) }
        arguments.append(nil)
        // The pool's threads block nearly all signals, and a program inherits that, and what is ignored.
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        for number in [SIGTERM, SIGINT] { signal(number, SIG_DFL) }
        execv(path, &arguments)
    }
}
