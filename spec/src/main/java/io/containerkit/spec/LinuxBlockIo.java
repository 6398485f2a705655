package io.containerkit.spec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The limits on block devices.
///
/// @param weight the weight against other cgroups, 10 to 1000, or null
/// @param leafWeight the weight against child cgroups, 10 to 1000 (cgroup v1), or null
/// @param weightDevice weights for single devices
/// @param throttleReadBpsDevice the bytes that may be read in a second
/// @param throttleWriteBpsDevice the bytes that may be written in a second
/// @param throttleReadIopsDevice the reads in a second
/// @param throttleWriteIopsDevice the writes in a second
/// @param extra the members that the components do not say
public record LinuxBlockIo(
    @Nullable Integer weight,
    @Nullable Integer leafWeight,
    List<WeightDevice> weightDevice,
    List<ThrottleDevice> throttleReadBpsDevice,
    List<ThrottleDevice> throttleWriteBpsDevice,
    List<ThrottleDevice> throttleReadIopsDevice,
    List<ThrottleDevice> throttleWriteIopsDevice,
    JsonObject extra)
    implements SpecPart {

  /// Copies the collections and refuses numbers out of range.
  public LinuxBlockIo {
    Components.uint16("weight", weight);
    Components.uint16("leafWeight", leafWeight);
    weightDevice = List.copyOf(weightDevice);
    throttleReadBpsDevice = List.copyOf(throttleReadBpsDevice);
    throttleWriteBpsDevice = List.copyOf(throttleWriteBpsDevice);
    throttleReadIopsDevice = List.copyOf(throttleReadIopsDevice);
    throttleWriteIopsDevice = List.copyOf(throttleWriteIopsDevice);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static LinuxBlockIo of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static LinuxBlockIo read(ObjectReader in) {
    return new LinuxBlockIo(
        in.uint16("weight"),
        in.uint16("leafWeight"),
        WeightDevice.readAll(in.objects("weightDevice")),
        ThrottleDevice.readAll(in.objects("throttleReadBpsDevice")),
        ThrottleDevice.readAll(in.objects("throttleWriteBpsDevice")),
        ThrottleDevice.readAll(in.objects("throttleReadIOPSDevice")),
        ThrottleDevice.readAll(in.objects("throttleWriteIOPSDevice")),
        in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .optional("weight", weight)
        .optional("leafWeight", leafWeight)
        .objects("weightDevice", weightDevice)
        .objects("throttleReadBpsDevice", throttleReadBpsDevice)
        .objects("throttleWriteBpsDevice", throttleWriteBpsDevice)
        .objects("throttleReadIOPSDevice", throttleReadIopsDevice)
        .objects("throttleWriteIOPSDevice", throttleWriteIopsDevice)
        .end(extra);
  }

  /// The weight for one device.
  ///
  /// @param major the major number of the device
  /// @param minor the minor number of the device
  /// @param weight the weight against other cgroups, or null
  /// @param leafWeight the weight against child cgroups (cgroup v1), or null
  /// @param extra the members that the components do not say
  public record WeightDevice(
      long major,
      long minor,
      @Nullable Integer weight,
      @Nullable Integer leafWeight,
      JsonObject extra)
      implements SpecPart {

    /// Refuses numbers out of range.
    public WeightDevice {
      Components.uint16("weight", weight);
      Components.uint16("leafWeight", leafWeight);
    }

    /// Reads the part.
    ///
    /// @throws SpecException if a member has another type than it must
    public static WeightDevice of(JsonObject document) {
      return read(ObjectReader.of(document));
    }

    static WeightDevice read(ObjectReader in) {
      return new WeightDevice(
          in.requiredInt64("major"),
          in.requiredInt64("minor"),
          in.uint16("weight"),
          in.uint16("leafWeight"),
          in.rest());
    }

    static List<WeightDevice> readAll(List<ObjectReader> all) {
      List<WeightDevice> parts = new ArrayList<>(all.size());
      for (ObjectReader in : all) {
        parts.add(read(in));
      }
      return parts;
    }

    @Override
    public JsonObject toJson() {
      return new ObjectWriter()
          .required("major", major)
          .required("minor", minor)
          .optional("weight", weight)
          .optional("leafWeight", leafWeight)
          .end(extra);
    }
  }

  /// The rate for one device.
  ///
  /// @param major the major number of the device
  /// @param minor the minor number of the device
  /// @param rate bytes or operations in a second (unsigned 64-bit), or null
  /// @param extra the members that the components do not say
  public record ThrottleDevice(
      long major,
      long minor,
      @Nullable Long rate,
      JsonObject extra)
      implements SpecPart {

    /// A rate.
    public static ThrottleDevice of(long major, long minor, long rate) {
      return new ThrottleDevice(major, minor, rate, JsonObject.EMPTY);
    }

    /// Reads the part.
    ///
    /// @throws SpecException if a member has another type than it must
    public static ThrottleDevice of(JsonObject document) {
      return read(ObjectReader.of(document));
    }

    static ThrottleDevice read(ObjectReader in) {
      return new ThrottleDevice(in.requiredInt64("major"), in.requiredInt64("minor"), in.uint64("rate"), in.rest());
    }

    static List<ThrottleDevice> readAll(List<ObjectReader> all) {
      List<ThrottleDevice> parts = new ArrayList<>(all.size());
      for (ObjectReader in : all) {
        parts.add(read(in));
      }
      return parts;
    }

    @Override
    public JsonObject toJson() {
      return new ObjectWriter().required("major", major).required("minor", minor).unsigned("rate", rate).end(extra);
    }
  }

  /// A builder of a part that says nothing yet.
  public static Builder builder() {
    return new Builder();
  }

  /// A builder that starts from this part.
  public Builder toBuilder() {
    return new Builder(this);
  }

  /// Builds a [LinuxBlockIo]; each method replaces what was there. Not thread-safe.
  public static final class Builder {

    private @Nullable Integer weight;
    private @Nullable Integer leafWeight;
    private List<WeightDevice> weightDevice = List.of();
    private List<ThrottleDevice> throttleReadBpsDevice = List.of();
    private List<ThrottleDevice> throttleWriteBpsDevice = List.of();
    private List<ThrottleDevice> throttleReadIopsDevice = List.of();
    private List<ThrottleDevice> throttleWriteIopsDevice = List.of();
    private JsonObject extra = JsonObject.EMPTY;

    private Builder() {}

    private Builder(LinuxBlockIo from) {
      weight = from.weight;
      leafWeight = from.leafWeight;
      weightDevice = from.weightDevice;
      throttleReadBpsDevice = from.throttleReadBpsDevice;
      throttleWriteBpsDevice = from.throttleWriteBpsDevice;
      throttleReadIopsDevice = from.throttleReadIopsDevice;
      throttleWriteIopsDevice = from.throttleWriteIopsDevice;
      extra = from.extra;
    }

    /// Sets the weight against other cgroups, 10 to 1000, or null.
    public Builder weight(@Nullable Integer value) {
      weight = value;
      return this;
    }

    /// Sets the weight against child cgroups, 10 to 1000 (cgroup v1), or null.
    public Builder leafWeight(@Nullable Integer value) {
      leafWeight = value;
      return this;
    }

    /// Sets weights for single devices.
    public Builder weightDevice(List<WeightDevice> value) {
      weightDevice = value;
      return this;
    }

    /// Sets the bytes that may be read in a second.
    public Builder throttleReadBpsDevice(List<ThrottleDevice> value) {
      throttleReadBpsDevice = value;
      return this;
    }

    /// Sets the bytes that may be written in a second.
    public Builder throttleWriteBpsDevice(List<ThrottleDevice> value) {
      throttleWriteBpsDevice = value;
      return this;
    }

    /// Sets the reads in a second.
    public Builder throttleReadIopsDevice(List<ThrottleDevice> value) {
      throttleReadIopsDevice = value;
      return this;
    }

    /// Sets the writes in a second.
    public Builder throttleWriteIopsDevice(List<ThrottleDevice> value) {
      throttleWriteIopsDevice = value;
      return this;
    }

    /// Sets the members that the components do not say.
    public Builder extra(JsonObject value) {
      extra = value;
      return this;
    }

    /// The part.
    public LinuxBlockIo build() {
      return new LinuxBlockIo(
          weight,
          leafWeight,
          weightDevice,
          throttleReadBpsDevice,
          throttleWriteBpsDevice,
          throttleReadIopsDevice,
          throttleWriteIopsDevice,
          extra);
    }
  }
}
