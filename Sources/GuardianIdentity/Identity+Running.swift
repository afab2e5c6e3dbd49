import GuardianCore

extension Identity {
    /// Notices within a second what another process changed, such as `guardian user revoke`, and removes once an hour what has
    /// ended. Runs until it is cancelled.
    ///
    /// A failure, for example of a full disk, is passed over: whoever asks meanwhile sees it in their own request.
    ///
    /// - Throws: `CancellationError`.
    public func run() async throws {
        var upkeepDue = monotonic.now()
        while true {
            if let generation = try? await store.read({ try IdentityStore.generation(in: $0) }) {
                store.generation.advance(to: generation)
            }
            if monotonic.now() >= upkeepDue {
                upkeepDue = monotonic.now().advanced(by: .seconds(3600))
                try? await upkeep()
            }
            try await monotonic.sleep(for: .seconds(1))
        }
    }

    /// Removes ended sessions and login links, tokens that expired a month ago, places of long ago, and old entries of the audit log.
    public func upkeep() async throws {
        let (now, settings) = (store.clock.now(), store.settings)
        try await store.write { database in
            try SessionRows.deleteEnded(at: now, in: database)
            try TokenRows.deleteExpired(before: now + (.zero - .seconds(30 * 86_400)), in: database)
            try LinkRows.deleteEnded(at: now, in: database)
            try PlaceRows.deleteOld(before: now + (.zero - settings.knownPlaceLimit), in: database)
        }
        try await audit.cut()
    }
}
