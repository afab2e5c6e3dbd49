import GuardianCore

extension PasswordCost {
    /// What a machine is measured for.
    public struct Aim: Hashable, Sendable {
        /// How long trying one password should take.
        public var duration: Duration
        /// KiB of memory that may be used, the most first. The last one is used however slow it is.
        public var memories: [Int]
        public var mostPasses: Int

        /// - Parameter duration: a quarter of a second is not felt at a login, and allows four guesses a second and processor.
        public init(
            duration: Duration = .milliseconds(250), memories: [Int] = [64, 48, 32, 19].map { $0 * 1024 },
            mostPasses: Int = 12
        ) {
            self.duration = duration
            self.memories = memories
            self.mostPasses = mostPasses
        }
    }

    /// Finds the cost that comes closest to the aim on this machine, and is not below `floor`. Blocks for about a second.
    ///
    /// Memory hurts an attacker's hardware more than passes do: the largest memory is taken with which two passes are fast
    /// enough, then as many passes as the time allows.
    ///
    /// - Parameter work: tries one password at a cost.
    /// - Throws: what `work` throws with the least memory; more memory than there is, is passed over.
    package static func calibrated(
        for aim: Aim = Aim(), clock: any MonotonicClock, work: (PasswordCost) throws -> Void
    ) throws -> PasswordCost {
        for memory in aim.memories.filter({ $0 > floor.memory }).sorted(by: >) {
            let candidate = PasswordCost(passes: floor.passes, memory: memory)
            // Half again as long is closer to the aim than what less memory takes.
            guard let duration = try? time(candidate, clock, work), duration <= aim.duration * 3 / 2 else { continue }
            return candidate.filling(aim, duration: duration)
        }
        return floor.filling(aim, duration: try time(floor, clock, work))
    }

    /// Returns the cost with as many passes as fit into the aim's time.
    private func filling(_ aim: Aim, duration: Duration) -> PasswordCost {
        let fitting = duration > .zero ? aim.duration * Double(passes) / duration : Double(aim.mostPasses)
        var cost = self
        cost.passes = max(Self.floor.passes, Int(min(fitting, Double(aim.mostPasses))))
        return cost
    }

    /// Measures twice and returns the shorter time: another process may have had the processor meanwhile.
    private static func time(
        _ cost: PasswordCost, _ clock: any MonotonicClock, _ work: (PasswordCost) throws -> Void
    ) throws -> Duration {
        var shortest: Duration?
        for _ in 0..<2 {
            let start = clock.now()
            try work(cost)
            let duration = clock.elapsed(since: start)
            shortest = min(shortest ?? duration, duration)
        }
        return shortest ?? .zero
    }
}
