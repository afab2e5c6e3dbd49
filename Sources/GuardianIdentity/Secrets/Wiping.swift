import CSodium

extension Array where Element: BitwiseCopyable {
    /// Overwrites the elements in a way that the compiler does not optimise away. Copies that were made before are not
    /// overwritten.
    mutating func wipe() {
        withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            sodium_memzero(base, bytes.count)
        }
        removeAll()
    }
}
