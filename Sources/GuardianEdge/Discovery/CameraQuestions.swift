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
            await withTaskGroup(of: (Int, Answer).self) { group in
                var rest = Array(addresses.enumerated())[...]
                func next() {
                    guard let (index, address) = rest.popFirst() else { return }
                    group.addTask { (index, await answer(of: address, login)) }
                }
                for _ in 0..<parallel { next() }
                var answers: [(index: Int, answer: Answer)] = []
                while let (index, answer) = await group.next() {
                    answers.append((index, answer))
                    next()
                }
                return answers.sorted { $0.index < $1.index }.map(\.answer)
            }
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
