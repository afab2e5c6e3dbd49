import CSandbox
import Foundation
import GuardianCore

/// What a process may use of the machine; everything else is out of its reach, for as long as it runs.
///
/// A process enters its sandbox by starting its own program once more: Landlock (Linux 5.13) restricts one thread and what
/// that thread starts, and no other thread of ours must remain outside. No privileges can be gained in it, no other process
/// can be signalled or inspected, and no core file is left.
public struct Sandbox: Sendable {
    /// What may be done at a path and below it.
    public struct Rights: OptionSet, Sendable, Hashable {
        public let rawValue: Int32
        public init(rawValue: Int32) { self.rawValue = rawValue }

        public static let read = Rights(rawValue: Int32(gsb_read))
        /// Run programs, load libraries.
        public static let execute = Rights(rawValue: Int32(gsb_execute))
        /// Write to files that are there.
        public static let write = Rights(rawValue: Int32(gsb_write))
        /// Make, replace and remove files and sockets.
        public static let make = Rights(rawValue: Int32(gsb_make))
    }

    /// What restricts a process.
    public enum Confinement: Sendable, Hashable, CustomStringConvertible {
        /// The kernel's Landlock, in this version.
        case landlock(Int)
        /// Only limits, and that no privileges can be gained; the text says why.
        case none(String)

        public var description: String {
            switch self {
            case .landlock(let version): "landlock \(version)"
            case .none(let reason): "none: \(reason)"
            }
        }

        fileprivate init(text: String) {
            let version = text.hasPrefix("landlock ") ? Int(text.dropFirst(9)) : nil
            self = version.map { .landlock($0) } ?? .none(String(text.trimmingPrefix("none: ")))
        }
    }

    /// Set in the environment of a program that was started in its sandbox.
    private static let variable = "GUARDIAN_SANDBOX"
    /// Most descriptors: a few for each camera, and some for the runtime.
    private static let descriptors = 1_024

    private var rules: [(path: String, rights: Rights)] = []
    /// The one TCP port that it may listen on; 0: none.
    public var port = 0
    /// Bytes of private memory; more ends the process before the machine has none left for others.
    public var memory: Int

    /// Allows only what every program needs: itself, its libraries, the processor's description, and time zones.
    public init() {
        memory = max(2 << 30, Int(clamping: ProcessInfo.processInfo.physicalMemory / 4 * 3))
        allow(OwnProgram.path, [.read, .execute])
        for folder in Self.libraries { allow(folder, [.read, .execute]) }
        // Not only our own processes: libdispatch reads the state of threads there. What is secret of others (environment,
        // memory, descriptors) needs the right to trace them, which a sandbox never has.
        for path in ["/proc", "/sys/devices/system", "/sys/fs/cgroup", "/sys/kernel/mm"] { allow(path, .read) }
        for device in ["/dev/null", "/dev/zero"] { allow(device, [.read, .write]) }
        for path in [
            "/dev/urandom", "/dev/random", "/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo",
            "/etc/nsswitch.conf", "/etc/passwd", "/etc/group", "/etc/hosts", "/etc/host.conf", "/etc/resolv.conf",
            "/etc/ssl/openssl.cnf", "/etc/gnutls",
        ] { allow(path, .read) }
    }

    /// Allows rights at a path and below it; a path that is not there is skipped.
    public mutating func allow(_ path: String, _ rights: Rights) { rules.append((path, rights)) }

    /// What restricts this process; `nil` when it has not entered a sandbox.
    public static var current: Confinement? {
        ProcessInfo.processInfo.environment[variable].map(Confinement.init(text:))
    }

    /// What would restrict a process on this machine.
    public static var available: Confinement {
        let version = Int(gsb_landlock_version())
        return version > 0
            ? .landlock(version) : .none("the kernel has no Landlock, or it is not in its list of security modules")
    }

    /// Starts this program again, with the same arguments, in the sandbox. Where the kernel has none, only limits apply.
    ///
    /// - Throws: `failedPrecondition` when that fails.
    public func enter() throws -> Never {
        // The kernel, when memory runs out, is to end this process before a recorder.
        try? "500".write(toFile: "/proc/self/oom_score_adj", atomically: false, encoding: .utf8)
        gsb_limit(memory, Self.descriptors)
        let failure = gsb_renounce_privileges()
        var confinement = Self.available
        if failure != 0 {
            confinement = .none("privileges cannot be renounced (\(String(cString: strerror(failure))))")
        } else if case .landlock = confinement {
            let failure = restrict()
            if failure != 0 { confinement = .none("Landlock refuses it (\(String(cString: strerror(failure))))") }
        }
        setenv(Self.variable, confinement.description, 1)
        // A crash must not start another program to describe it.
        setenv("SWIFT_BACKTRACE", "enable=no", 1)
        OwnProgram.startAgain()
        throw GuardianError(
            .failedPrecondition,
            "The program cannot be started again in its sandbox (\(String(cString: strerror(errno)))).",
            context: ["sandbox": confinement.description])
    }

    private func restrict() -> Int32 {
        let paths = rules.map { strdup($0.path) }
        defer { for path in paths { free(path) } }
        let made = zip(paths, rules).compactMap { path, rule in
            path.map { gsb_rule(path: UnsafePointer($0), rights: rule.rights.rawValue) }
        }
        return gsb_restrict(made, made.count, Int32(clamping: port))
    }

    /// The folders of the system's libraries and of those that this process has loaded.
    private static var libraries: Set<String> {
        var folders: Set<String> = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"]
        withUnsafeMutablePointer(to: &folders) { folders in
            gsb_each_library(
                { path, context in
                    guard let path, let folders = context?.assumingMemoryBound(to: Set<String>.self) else { return }
                    folders.pointee.insert(URL(filePath: String(cString: path)).deletingLastPathComponent().path)
                }, folders)
        }
        return folders
    }
}
