import GuardianCore
import GuardianONVIF

/// Asks several cameras at the same time what they are and for their streams.
struct CameraQuestions: Sendable {
    struct Answer: Sendable {
        var address: CameraAddress
        var result: Result<CameraDescription, GuardianError>
    }

    let client: ONVIFClient
    let clock: any MonotonicClock
    /// Cameras that are asked at the same time.
    let parallel: Int

    /// Asks each camera once.
    ///
    /// - Parameter end: when those that have not answered are given up: they have not answered in time.
    /// - Returns: one answer for each address, in their order.
    func ask(
        _ addresses: [CameraAddress], login: CameraLogin?, before end: ContinuousClock.Instant
    ) async -> [Answer] {
        await Deadline.run(before: end, by: clock) {
            await addresses.concurrentMap(atMost: parallel) { await answer(of: $0, login) }
        }
    }

    private func answer(of address: CameraAddress, _ login: CameraLogin?) async -> Answer {
        var camera = ONVIFCamera(address, login: login, client: client)
        do throws(GuardianError) {
            return Answer(address: address, result: .success(try await camera.describe()))
        } catch {
            return Answer(address: address, result: .failure(error))
        }
    }
}
