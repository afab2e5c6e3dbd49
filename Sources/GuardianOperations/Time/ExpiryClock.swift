import GuardianCore

/// The time by which recordings expire. The machine's clock alone does not count: one that is a year ahead would delete
/// everything.
///
/// The time is supported by whatever else tells it: the last time that was believed plus the time that has passed since
/// by the monotonic clock, and what its owner knows of, such as entries that others signed. Recordings expire by the
/// earlier one of the clock and the latest supported time. A clock that is more than a day ahead of all of these is in
/// doubt, and nothing expires until it is plausible again.
package actor ExpiryClock {
    /// Where the last believed time is noted, so that a later start knows it.
    package struct Memory: Sendable {
        /// Returns the last time that was written; `nil` when there is none.
        let read: @Sendable () async throws -> Timestamp?
        let write: @Sendable (Timestamp) async throws -> Void

        package init(
            read: @escaping @Sendable () async throws -> Timestamp?,
            write: @escaping @Sendable (Timestamp) async throws -> Void
        ) {
            self.read = read
            self.write = write
        }
    }

    /// Why the clock is not believed.
    package struct Doubt: Sendable, Hashable {
        /// What the clock says.
        package let clock: Timestamp
        /// The latest time that something else supports.
        package let supported: Timestamp
    }

    /// What is to be logged.
    package enum Change: Sendable, Hashable {
        case doubted(Doubt)
        case believed(Timestamp)
    }

    private let memory: Memory
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private let onChange: @Sendable (Change) -> Void
    /// The last time that was believed.
    private var believed: (time: Timestamp, at: ContinuousClock.Instant)?
    private var saved: Timestamp?
    /// Why the clock is not believed now.
    package private(set) var doubt: Doubt?

    /// How far the clock may be ahead in milliseconds: a machine may have been off for some hours, and its peers silent.
    package static let tolerance: Int64 = 86_400_000
    /// Milliseconds between two notes of the believed time.
    private static let step: Int64 = 600_000

    /// - Parameter onChange: called when the clock is not believed any more, and when it is again.
    package init(
        memory: Memory, clock: any WallClock, monotonic: any MonotonicClock,
        onChange: @escaping @Sendable (Change) -> Void
    ) {
        self.memory = memory
        self.clock = clock
        self.monotonic = monotonic
        self.onChange = onChange
    }

    /// Returns the time by which recordings expire now; `nil` while the clock is not believed.
    ///
    /// - Parameter others: what else supports a time.
    /// - Throws: what reading or writing the noted time throws.
    package func now(supportedBy others: [Timestamp]) async throws -> Timestamp? {
        let noted = try await memory.read()
        let known = [running, noted].compactMap(\.self).max()
        let wall = clock.now()
        // Nothing is known at the first start, and nothing can expire.
        let latest = (others + [known].compactMap(\.self)).max() ?? wall
        guard wall - latest <= Self.tolerance else {
            let isNew = doubt == nil
            let doubt = Doubt(clock: wall, supported: latest)
            self.doubt = doubt
            if isNew { onChange(.doubted(doubt)) }
            return nil
        }
        if doubt != nil { onChange(.believed(wall)) }
        doubt = nil
        let time = min(wall, latest)
        // A clock that is behind for a while takes nothing back of what is known.
        let after = max(time, known ?? time)
        believed = (after, monotonic.now())
        saved = [saved, noted].compactMap(\.self).max()
        try await save(after)
        return time
    }

    /// Notes the believed time, so that a later start knows it.
    ///
    /// - Throws: what writing it throws.
    package func note() async throws {
        guard doubt == nil, let running else { return }
        try await save(min(clock.now(), running))
    }

    /// The believed time, plus what has passed since; `nil` before there is one.
    package var running: Timestamp? {
        believed.map { $0.time + monotonic.elapsed(since: $0.at).milliseconds }
    }

    private func save(_ time: Timestamp) async throws {
        guard saved.map({ time - $0 >= Self.step }) ?? true else { return }
        try await memory.write(time)
        saved = time
    }
}
