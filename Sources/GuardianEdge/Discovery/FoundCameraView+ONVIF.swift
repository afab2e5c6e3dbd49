import GuardianCore
import GuardianHTTP
import GuardianMedia
import GuardianONVIF

extension FoundCameraView {
    private init(_ address: CameraAddress, _ outcome: Outcome) {
        self.init(address: address.shortest, host: address.host, outcome: outcome)
    }

    /// A camera that answered the search.
    init(_ camera: FoundCamera) {
        self.init(camera.address, .found)
        (maker, model, name, note) = (camera.maker, camera.hardware, camera.name, camera.remark)
    }

    /// A camera that was asked.
    init(_ answer: CameraQuestions.Answer) {
        switch answer.result {
        case .success(let description):
            self.init(answer.address, description.streams.isEmpty ? .failed : .streams)
            maker = CameraMaker.named(description.information.maker).nonEmpty
            model = description.information.model.nonEmpty
            streams = description.streams.map(FoundStreamView.init)
            note = description.remarks.joined(separator: " ").nonEmpty
        case .failure(let error):
            self.init(answer.address, (error.cause as? CameraFailure).map(Outcome.init) ?? .failed)
            note = error.message
        }
    }

    /// A camera of a trial, which was not asked for its streams.
    init(_ result: PasswordTrial.Result) {
        let address = result.camera.address
        switch result.outcome {
        // It is asked for its streams next; this is what stays when there is no time left.
        case .accepted, .noLoginNeeded: self.init(address, failure: .timedOut)
        case .refused: self.init(address, failure: .wrongPassword)
        case .locked: self.init(address, failure: .locked)
        case .clearTextNeeded: self.init(address, failure: .clearTextNeeded)
        case .unreachable(let failure): self.init(address, failure: failure)
        case .otherMaker:
            self.init(address, .otherMaker)
            let told = result.camera.maker.map { "\(address) says that it is of \($0)" }
            note =
                "\(told ?? "\(address) does not say who made it"), so the login was not tried: try it on this camera alone."
        }
    }

    private init(_ address: CameraAddress, failure: CameraFailure) {
        self.init(address, Outcome(failure))
        note = failure.error("\(address)").message
    }

    /// The same with `…` in place of passwords in addresses, for a terminal.
    package var withoutSecrets: FoundCameraView {
        var view = self
        view.streams = streams.map { stream in
            var stream = stream
            stream.source = SecretParameters.redact(stream.source)
            stream.detect = stream.detect.map(SecretParameters.redact)
            return stream
        }
        return view
    }
}

extension FoundCameraView.Outcome {
    fileprivate init(_ failure: CameraFailure) {
        self =
            switch failure {
            case .passwordNeeded: .needsLogin
            case .wrongPassword, .clockWrong: .refused
            case .locked: .locked
            case .clearTextNeeded: .clearTextOnly
            case .unknownHost, .noRoute, .connectionRefused, .timedOut, .connectionFailed: .unreachable
            case .forbiddenAddress, .redirectedAway, .notONVIF, .answerTooLarge, .notPermitted, .fault: .failed
            }
    }
}

extension FoundStreamView {
    fileprivate init(_ lens: CameraStreams) {
        let (main, detection) = (lens.main.profile, lens.detection?.profile)
        self.init(
            source: lens.main.address.complete.reveal(), detect: lens.detection?.address.complete.reveal())
        name = main.name.nonEmpty
        codec = VideoCodec(main.codec)?.name
        (width, height) = (main.width, main.height)
        frameRate = main.frameRate > 0 ? main.frameRate : nil
        (detectWidth, detectHeight) = (detection?.width, detection?.height)
    }
}

extension VideoCodec {
    fileprivate init?(_ codec: MediaProfile.Codec) {
        switch codec {
        case .h264: self = .h264
        case .h265: self = .h265
        case .other: return nil
        }
    }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
