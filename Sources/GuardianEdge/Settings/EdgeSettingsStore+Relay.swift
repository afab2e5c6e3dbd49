import GuardianCore

extension EdgeSettingsStore {
    /// Whether the node may fetch recordings for people who watch there. Pictures pass through the node, so nobody does until an owner
    /// says so.
    package nonisolated var allowsRelay: Bool { fixedRelay ?? stored.withLock { $0.relay } }

    /// - Parameter record: is called before it is changed; not called when nothing is.
    /// - Throws: `invalidArgument` when the configuration file says otherwise, `resourceExhausted` when the change cannot be written, and
    ///   what `record` throws; then nothing has changed.
    package func changeRelay(_ isAllowed: Bool, record: @Sendable () async throws -> Void) async throws {
        guard isAllowed != allowsRelay else { return }
        guard fixedRelay == nil else {
            throw GuardianError(
                .invalidArgument, "The configuration file sets this: change it there, and restart Guardian.",
                context: ["field": "node.relay"])
        }
        try await record()
        try save { $0.relay = isAllowed }
        relayChanges.increment()
    }

    /// Waits until recordings may be passed on, or may not.
    ///
    /// - Throws: `CancellationError`.
    package nonisolated func untilRelay(isAllowed: Bool) async throws {
        while true {
            let seen = relayChanges.value
            if allowsRelay == isAllowed { return }
            try await relayChanges.wait(beyond: seen)
        }
    }
}
