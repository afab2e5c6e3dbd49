import GuardianCore
import ServiceLifecycle

/// Looks again and again for the archive's places, and wakes what waited for one that was away.
struct PlaceWatch: Service {
    let archive: TenantArchive
    let interval: Duration

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var away: Set<String> = []
            while !Task.isCancelled {
                // A store that does not answer is neither there nor away: nothing changes.
                if let now = try? await absences() {
                    if !away.subtracting(now).isEmpty { archive.signals.returned.increment() }
                    away = now
                }
                try? await archive.expiry.note()
                try? await archive.monotonic.sleep(for: interval)
            }
        }
    }

    private func absences() async throws -> Set<String> {
        var away: Set<String> = []
        if try await archive.spoolPlace.absence() != nil { away.insert("spool") }
        for bucket in try await archive.buckets() where try await archive.places.absence(of: bucket) != nil {
            away.insert(StorePlaces.prefix + bucket.text)
        }
        return away
    }
}
