import Foundation

extension Array where Element: BitwiseCopyable {
    /// Overwrites the elements in a way that the compiler does not optimise away, and empties the array. Copies that
    /// were made before are not overwritten.
    mutating func wipe() {
        withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            #if canImport(Darwin)
                memset_s(base, bytes.count, 0, bytes.count)
            #else
                explicit_bzero(base, bytes.count)
            #endif
        }
        removeAll()
    }
}
