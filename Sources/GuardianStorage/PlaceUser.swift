import Foundation
import GuardianCore
import GuardianOperations
import Synchronization

/// Which recorder uses a folder now: the file `.guardian-user` in it, whose content that recorder changes twice a minute. Of two recorders
/// in one folder, each would take the other's files for its own, enter them in its journal and delete them.
///
/// No lock is held: an open file would keep the disk from being unmounted, and network file systems lose locks.
public final class PlaceUser: Sendable {
    public static let name = ".guardian-user"
    private static let beat: Duration = .seconds(30)
    /// A recorder whose file has not changed for so long is gone, and another one may have the folder.
    private static let patience: Duration = .seconds(90)
    private static let largest = 256

    private struct State {
        var beatAt: ContinuousClock.Instant?
        /// What this recorder has written last.
        var written: String?
        /// What another recorder has written, and since when it has not changed.
        var other: (content: String, since: ContinuousClock.Instant)?
    }

    private let identity: String
    private let monotonic: any MonotonicClock
    private let state = Mutex(State())

    /// - Parameter identity: names this recorder, and no copy of it; the same after each restart.
    public init(_ identity: String, monotonic: any MonotonicClock = SystemMonotonicClock()) {
        self.identity = identity
        self.monotonic = monotonic
    }

    /// Returns why the folder cannot be used now, as a sentence for a person; `nil` when it is this recorder's. To be called often: it
    /// is also what shows others that the folder is used.
    func obstacle(in folder: String) -> String? {
        let path = "\(folder)/\(Self.name)"
        return state.withLock { state in
            let (found, now) = (Self.read(path), monotonic.now())
            // After its own first beat, a recorder knows what it wrote: anything else is another's, be it a perfect copy of this one.
            let isOwn =
                found.map { found in
                    state.written.map { $0 == found } ?? found.hasPrefix("\(identity) ")
                } ?? false
            if let found, !found.isEmpty, !isOwn {
                if state.other?.content != found { state.other = (found, now) }
                guard let other = state.other, other.since.duration(to: now) >= Self.patience else {
                    return "\(folder) is used by another recorder: end one of them, or give each its own folder."
                }
            }
            state.other = nil
            let isDue = state.beatAt.map { $0.duration(to: now) >= Self.beat } ?? true
            // A disk that takes no writes is told of elsewhere.
            if isDue || !isOwn, let written = write(path) { (state.beatAt, state.written) = (now, written) }
            return nil
        }
    }

    /// Says that nobody uses the folder any more, so that another recorder need not wait: this one moves, for example.
    func release(_ folder: String) {
        let path = "\(folder)/\(Self.name)"
        state.withLock { state in
            if let written = state.written, Self.read(path) == written { unlink(path) }
            state = State()
        }
    }

    /// Writes in place and always as much, which a full disk takes too.
    ///
    /// - Returns: what was written; `nil` when it could not be.
    private func write(_ path: String) -> String? {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let token = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        let text = "\(identity) \(String(repeating: "0", count: 16 - token.count))\(token)\n"
        let content = Array(text.utf8)
        guard pwrite(descriptor, content, content.count, 0) == content.count,
            ftruncate(descriptor, off_t(content.count)) == 0
        else { return nil }
        return text
    }

    /// `nil` when nobody has used the folder, or the file cannot be read.
    private static func read(_ path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path), let bytes = try? file.read(upToCount: largest) else {
            return nil
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
