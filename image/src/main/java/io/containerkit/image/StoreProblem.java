package io.containerkit.image;

/// Something wrong in a store.
///
/// @param digest the content that it is about
/// @param what what is wrong with it, in one line
public record StoreProblem(Digest digest, String what) {}
