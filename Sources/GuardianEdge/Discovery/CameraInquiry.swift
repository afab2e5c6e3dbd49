import GuardianCore
import GuardianONVIF

/// What is to be found out about the cameras of the network.
package enum CameraInquiry: Sendable {
    /// Which cameras there are.
    case search(Duration)
    /// The streams of these cameras. With a login there is one camera.
    case streams([CameraAddress], CameraLogin?)
    /// The streams of those of these cameras that name this maker in a search, and take the login. A search takes so long, if one
    /// is made.
    case trial(PasswordForMaker, [CameraAddress], search: Duration)

    /// A login for all cameras of one maker.
    package struct PasswordForMaker: Sendable {
        package var maker: String
        package var name: String
        package var password: Secret<String>

        package init(maker: String, name: String, password: Secret<String>) {
            (self.maker, self.name, self.password) = (maker, name, password)
        }
    }

    /// Cameras that are asked at most.
    package static let limit = 32
    /// Seconds that a search takes.
    package static let seconds = 1...30
    package static let usualSeconds = 4
}
