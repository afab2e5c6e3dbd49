import GuardianCore
import GuardianHTTP

/// Adds a camera, or tests an address that is not saved.
struct NewCameraBody: JSONBody {
    static let members = ["id", "name", "source", "detect", "username", "password", "transport", "audio"]

    /// Missing: made of the name. When an address is tested, the camera whose passwords it may use.
    var id: String?
    var name: String?
    var source: String?
    var detect: String?
    var username: String?
    var password: String?
    var transport: CameraConfiguration.Transport?
    var audio: Bool?

    var form: CameraForm {
        var form = CameraForm(name: name, source: source)
        form.id = id
        form.detect = detect
        form.username = username
        form.password = password.map { Secret($0) }
        form.transport = transport
        form.audio = audio
        return form
    }
}

/// Changes a camera; what is missing stays.
struct CameraChangeBody: JSONBody {
    static let members = ["name", "source", "detect", "username", "password", "transport", "audio", "paused"]

    var name: String?
    var source: String?
    /// Empty: none any more.
    var detect: String?
    var username: String?
    var password: String?
    var transport: CameraConfiguration.Transport?
    var audio: Bool?
    var paused: Bool?

    var form: CameraForm {
        var form = CameraForm(name: name, source: source)
        form.detect = detect
        form.username = username
        form.password = password.map { Secret($0) }
        form.transport = transport
        form.audio = audio
        form.isPaused = paused
        return form
    }
}
