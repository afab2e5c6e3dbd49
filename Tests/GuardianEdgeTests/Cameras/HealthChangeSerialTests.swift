import GuardianCore
import GuardianEdge
import Testing

@Suite("Changes of a camera's state", .timeLimit(.minutes(10)))
struct HealthChangeSerialTests {
    /// A regression test for a deadlock: cancelling a reader waited for the lock that the camera's thread held while it
    /// resumed that reader.
    @Test("readers that are cancelled while the state changes block no thread")
    func cancelledReaders() async throws {
        var rounds = 0
        for _ in 0..<100 {
            let session = try CameraSession.test("file:/nonexistent/film.mp4")
            try await session.running {
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<8 {
                        group.addTask { for await _ in session.healthChanges() {} }
                    }
                    await Task.yield()
                    group.cancelAll()
                }
                rounds += 1
            }
        }
        #expect(rounds == 100)
    }
}
