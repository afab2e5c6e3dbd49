import Synchronization

/// How many cameras are watched now.
final class WatchCount: Sendable {
    private let count = Mutex(0)

    func entered(_ statistics: LookStatistics) { change(by: 1, statistics) }
    func left(_ statistics: LookStatistics) { change(by: -1, statistics) }

    private func change(by amount: Int, _ statistics: LookStatistics) {
        count.withLock {
            $0 += amount
            statistics.watching($0)
        }
    }
}
