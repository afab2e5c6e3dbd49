import GuardianCore

/// Bounds how long work takes that returns soon after it was cancelled.
enum Deadline {
    /// Runs `body`, cancels it when the clock reaches `end`, and returns what it returns.
    static func run<Element: Sendable>(
        before end: ContinuousClock.Instant, by clock: any MonotonicClock,
        _ body: @escaping @Sendable () async -> [Element]
    ) async -> [Element] {
        await withTaskGroup(of: [Element].self) { group in
            group.addTask { await body() }
            group.addTask {
                try? await clock.sleep(until: end)
                return []
            }
            var elements: [Element] = []
            while let part = await group.next() {
                elements += part
                // Whichever ends first ends the other one.
                group.cancelAll()
            }
            return elements
        }
    }
}
