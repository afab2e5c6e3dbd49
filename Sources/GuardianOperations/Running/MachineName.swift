import Foundation

/// What this machine is called.
package enum MachineName {
    /// The host name; empty where there is none. The kernel tells it: no server is asked.
    package static var current: String {
        var text = [CChar](repeating: 0, count: 256)
        guard gethostname(&text, text.count - 1) == 0 else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
