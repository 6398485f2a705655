package io.containerkit.spec;

import java.util.List;

/// The limits on cache and memory bandwidth (Intel RDT, resctrl).
///
/// @param closId the class of service
/// @param schemata the lines written to the schemata file as they are
/// @param l3CacheSchema the cache ways, such as `L3:0=f`
/// @param memBwSchema the memory bandwidth, such as `MB:0=20`
/// @param enableMonitoring whether a monitoring group is made
/// @param enableCmt deprecated: whether the use of the cache is monitored
/// @param enableMbm deprecated: whether the memory bandwidth is monitored
/// @param extra the members that the components do not say
public record IntelRdt(
    String closId,
    List<String> schemata,
    String l3CacheSchema,
    String memBwSchema,
    boolean enableMonitoring,
    boolean enableCmt,
    boolean enableMbm,
    JsonObject extra)
    implements SpecPart {

  /// Copies the collections.
  public IntelRdt {
    schemata = List.copyOf(schemata);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static IntelRdt of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static IntelRdt read(ObjectReader in) {
    return new IntelRdt(
        in.string("closID"),
        in.strings("schemata"),
        in.string("l3CacheSchema"),
        in.string("memBwSchema"),
        in.flag("enableMonitoring"),
        in.flag("enableCMT"),
        in.flag("enableMBM"),
        in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .string("closID", closId)
        .strings("schemata", schemata)
        .string("l3CacheSchema", l3CacheSchema)
        .string("memBwSchema", memBwSchema)
        .flag("enableMonitoring", enableMonitoring)
        .flag("enableCMT", enableCmt)
        .flag("enableMBM", enableMbm)
        .end(extra);
  }

  /// A builder of a part that says nothing yet.
  public static Builder builder() {
    return new Builder();
  }

  /// A builder that starts from this part.
  public Builder toBuilder() {
    return new Builder(this);
  }

  /// Builds a [IntelRdt]; each method replaces what was there. Not thread-safe.
  public static final class Builder {

    private String closId = "";
    private List<String> schemata = List.of();
    private String l3CacheSchema = "";
    private String memBwSchema = "";
    private boolean enableMonitoring;
    private boolean enableCmt;
    private boolean enableMbm;
    private JsonObject extra = JsonObject.EMPTY;

    private Builder() {}

    private Builder(IntelRdt from) {
      closId = from.closId;
      schemata = from.schemata;
      l3CacheSchema = from.l3CacheSchema;
      memBwSchema = from.memBwSchema;
      enableMonitoring = from.enableMonitoring;
      enableCmt = from.enableCmt;
      enableMbm = from.enableMbm;
      extra = from.extra;
    }

    /// Sets the class of service.
    public Builder closId(String value) {
      closId = value;
      return this;
    }

    /// Sets the lines written to the schemata file as they are.
    public Builder schemata(List<String> value) {
      schemata = value;
      return this;
    }

    /// Sets `schemata`.
    public Builder schemata(String... values) {
      schemata = List.of(values);
      return this;
    }

    /// Sets the cache ways, such as `L3:0=f`.
    public Builder l3CacheSchema(String value) {
      l3CacheSchema = value;
      return this;
    }

    /// Sets the memory bandwidth, such as `MB:0=20`.
    public Builder memBwSchema(String value) {
      memBwSchema = value;
      return this;
    }

    /// Sets whether a monitoring group is made.
    public Builder enableMonitoring(boolean value) {
      enableMonitoring = value;
      return this;
    }

    /// Sets deprecated: whether the use of the cache is monitored.
    public Builder enableCmt(boolean value) {
      enableCmt = value;
      return this;
    }

    /// Sets deprecated: whether the memory bandwidth is monitored.
    public Builder enableMbm(boolean value) {
      enableMbm = value;
      return this;
    }

    /// Sets the members that the components do not say.
    public Builder extra(JsonObject value) {
      extra = value;
      return this;
    }

    /// The part.
    public IntelRdt build() {
      return new IntelRdt(
          closId,
          schemata,
          l3CacheSchema,
          memBwSchema,
          enableMonitoring,
          enableCmt,
          enableMbm,
          extra);
    }
  }
}
