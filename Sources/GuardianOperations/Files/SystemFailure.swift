import Foundation

/// Why the operating system refused a call: the number in `errno`. Callers say with a `GuardianError` what that means for what
/// they were doing.
public struct SystemFailure: Error, Hashable, Sendable, CustomStringConvertible {
    public let number: Int32

    public init(_ number: Int32) { self.number = number }

    /// The failure of this thread's last call. To be read before any other call.
    public static var last: SystemFailure { SystemFailure(errno) }

    /// The operating system's words for it.
    public var description: String { String(cString: strerror(number)) }
}
