import GuardianCore

/// A user of a camera, and how far we go to log in as that user.
public struct CameraLogin: Sendable {
    public var name: String
    public var password: Secret<String>
    /// Whether the password may be sent so that others on the network can read it, to a camera that takes it in no other way.
    public var allowsClearText: Bool
    /// In how many ways the password is tried at most, in the order of their safety. Cameras lock after a few wrong ones.
    package var attempts: Int

    public init(name: String, password: Secret<String>, allowsClearText: Bool = false) {
        self.init(name: name, password: password, allowsClearText: allowsClearText, attempts: allowsClearText ? 3 : 2)
    }

    package init(name: String, password: Secret<String>, allowsClearText: Bool, attempts: Int) {
        self.name = name
        self.password = password
        self.allowsClearText = allowsClearText
        self.attempts = attempts
    }
}
