import Foundation
import GuardianCore
import GuardianHTTP
import GuardianMedia

/// Tests addresses. Only one test at a time runs, because many cameras accept few connections.
final class CameraTestRunner: Sendable {
    /// Makes a JPEG of a keyframe.
    typealias Picture = @Sendable (Packet, StreamDescription) async throws -> Data

    /// Bytes of a picture that an answer may hold.
    private static let pictureLimit = 2 << 20

    private let picture: Picture?
    private let turn = SingleRun()

    /// - Parameter picture: `nil`: the answers have no picture.
    init(picture: Picture? = nil) { self.picture = picture }

    /// - Parameter name: of the camera, for the error.
    /// - Throws: `aborted` while another test runs.
    func run(_ settings: CameraSettings, of name: String) async throws -> CameraTestView {
        try await turn.run(else: "The camera \(name) is being tested already: wait until that test has ended.") {
            await result(of: settings)
        }
    }

    private func result(of settings: CameraSettings) async -> CameraTestView {
        let outcome = await CameraConnectionTest(settings: settings).run()
        var view = CameraTestView(outcome)
        guard let picture, let keyframe = outcome.keyframe, let stream = outcome.stream else { return view }
        do {
            let jpeg = try await picture(keyframe, stream)
            if jpeg.count <= Self.pictureLimit { view.picture = jpeg.base64EncodedString() }
        } catch {
            view.advice.append(
                "There is no picture of it now: \(GuardianError.wrap(error, "it cannot be made").message)")
        }
        return view
    }
}

extension CameraTestView {
    init(_ outcome: CameraConnectionTest.Outcome) {
        self.init(
            ok: outcome.stream != nil, tookMs: outcome.milliseconds, codec: outcome.stream?.codec.name,
            width: outcome.stream?.width, height: outcome.stream?.height, reason: outcome.reason)
        fps = outcome.frameRate.map { ($0 * 10).rounded() / 10 }
        gopSeconds = outcome.gop.map { ($0 * 100).rounded() / 100 }
        clockDifferenceMs = outcome.clockDifference
        advice = outcome.advice
    }
}
