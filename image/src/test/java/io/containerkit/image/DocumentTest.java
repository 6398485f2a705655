package io.containerkit.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.spec.Json;
import io.containerkit.spec.SpecException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentTest {

  private static final String HEX = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  private static final String DESCRIPTOR =
      "{'mediaType':'application/vnd.oci.image.config.v1+json','digest':'sha256:" + HEX + "','size':7}";
  private static final String MANIFEST =
      "{'schemaVersion':2,'mediaType':'" + MediaType.OCI_MANIFEST + "','config':" + DESCRIPTOR + ",'layers':[]}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        MANIFEST,
        "{'schemaVersion':2,'config':" + DESCRIPTOR + ",'layers':null,'mediaType':'" + MediaType.OCI_MANIFEST + "'}",
        "{'schemaVersion':2,'mediaType':'" + MediaType.OCI_MANIFEST + "','artifactType':'a/b','config':" + DESCRIPTOR
            + ",'layers':[{'mediaType':'x/y','digest':'sha256:" + HEX
            + "','size':9007199254740993,'urls':['https://a'],'annotations':{'z':'1','a':''},'data':'e30=','later':[1.50]}],"
            + "'subject':" + DESCRIPTOR + ",'annotations':{'k':'v'},'x-new':{'deep':[true,null]}}",
      })
  void writesAgainWhatItRead(String text) {
    var bytes = json(text);
    var document = Document.parse(bytes, MediaType.OCI_MANIFEST);
    assertThat(Json.readObject(document.toBytes())).isEqualTo(Json.readObject(bytes));
  }

  @Test
  void anIndexKeepsItsPlatforms() {
    var bytes =
        json(
            "{'schemaVersion':2,'mediaType':'" + MediaType.OCI_INDEX + "','manifests':[{'mediaType':'"
                + MediaType.OCI_MANIFEST + "','digest':'sha256:" + HEX + "','size':1,'platform':{'architecture':'arm64',"
                + "'os':'linux','variant':'v8','os.features':['a'],'features':['sse4']}}]}");
    var index = (Index) Document.parse(bytes, MediaType.OCI_INDEX);
    assertThat(index.manifests().getFirst().platform()).isNotNull().hasToString("linux/arm64/v8");
    assertThat(Json.readObject(index.toBytes())).isEqualTo(Json.readObject(bytes));
  }

  @Test
  void aDocumentWithoutMediaTypeIsOfTheDeclaredOne() {
    var bytes = json("{'schemaVersion':2,'config':" + DESCRIPTOR + ",'layers':[]}");
    assertThat(Document.parse(bytes, MediaType.DOCKER_MANIFEST).mediaType()).isEqualTo(MediaType.DOCKER_MANIFEST);
    assertThat(Manifest.parse(bytes).mediaType()).isEqualTo(MediaType.OCI_MANIFEST);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'schemaVersion':2,'config':D,'layers':[],'manifests':[]} | /manifests",
        "{'schemaVersion':2,'layers':[],'manifests':[]} | /manifests",
        "{'schemaVersion':2,'mediaType':'application/vnd.oci.image.index.v1+json','manifests':[]} | /mediaType",
        "{'schemaVersion':1,'config':D,'layers':[]} | /schemaVersion",
        "{'config':D,'layers':[]} | /schemaVersion",
        "{'schemaVersion':2,'layers':[]} | /config",
        "{'schemaVersion':2,'config':{'mediaType':'a/b','size':1},'layers':[]} | /config/digest",
        "{'schemaVersion':2,'config':{'mediaType':'a/b','digest':'sha256:../../x','size':1},'layers':[]} | /config/digest",
        "{'schemaVersion':2,'config':{'mediaType':'a/b','digest':'sha256:H','size':-1},'layers':[]} | /config/size",
        "{'schemaVersion':2,'config':{'mediaType':'a/b','digest':'sha256:H','size':1e3},'layers':[]} | /config/size",
        "{'schemaVersion':2,'config':D,'layers':[D,{}]} | /layers/1/size",
        "{'schemaVersion':2,'config':D,'layers':{}} | /layers",
      })
  void refusesAndNamesThePlace(String text, String pointer) {
    var bytes = json(text.replace("H", HEX).replace("D", DESCRIPTOR));
    assertThatThrownBy(() -> Document.parse(bytes, MediaType.OCI_MANIFEST))
        .isInstanceOfSatisfying(SpecException.class, e -> assertThat(e.pointer()).isEqualTo(pointer));
  }

  @Test
  void refusesTypesThatAreNoImages() {
    var bytes = json("{'schemaVersion':1}");
    assertThatThrownBy(() -> Document.parse(bytes, "text/html")).hasMessageContaining("neither a manifest nor an index");
    assertThatThrownBy(() -> Document.parse(bytes, "application/vnd.docker.distribution.manifest.v1+prettyjws"))
        .hasMessageContaining("withdrawn");
  }

  @Test
  void aConfigKeepsWhatDockerAdds() {
    var bytes =
        json(
            "{'created':'2026-11-24T05:00:00.123456789Z','author':'me','architecture':'arm','variant':'v7','os':'linux',"
                + "'config':{'User':'1000:1000','ExposedPorts':{'80/tcp':{}},'Env':['A=b'],'Entrypoint':['/x'],'Cmd':null,"
                + "'Volumes':{'/data':{}},'WorkingDir':'/','Labels':{'l':'1'},'StopSignal':'SIGQUIT','Hostname':'',"
                + "'Healthcheck':{'Test':['CMD','true'],'Interval':30000000000},'OnBuild':[]},"
                + "'rootfs':{'type':'layers','diff_ids':['sha256:" + HEX + "']},"
                + "'history':[{'created_by':'RUN x','empty_layer':true},{'comment':'c','empty_layer':false}],"
                + "'container_config':{'Tty':false}}");
    var config = ImageConfig.parse(bytes);
    assertThat(config.platform()).hasToString("linux/arm/v7");
    assertThat(config.defaults().exposedPorts()).containsExactly("80/tcp");
    assertThat(config.defaults().cmd()).isEmpty();
    assertThat(config.diffIds()).isEqualTo(List.of(Digest.of("sha256:" + HEX)));
    assertThat(config.history().getFirst().emptyLayer()).isTrue();
    assertThat(Json.readObject(config.toBytes())).isEqualTo(Json.readObject(bytes));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'architecture':'amd64','rootfs':{'type':'layers','diff_ids':[]}} | /os",
        "{'os':'linux','architecture':'amd64'} | /rootfs",
        "{'os':'linux','architecture':'amd64','rootfs':{'type':'other','diff_ids':[]}} | /rootfs/type",
        "{'os':'linux','architecture':'amd64','rootfs':{'type':'layers','diff_ids':['x']}} | /rootfs/diff_ids/0",
        "{'os':'linux','architecture':'amd64','rootfs':{'type':'layers'},'config':{'Env':[1]}} | /config/Env/0",
      })
  void refusesAConfigAndNamesThePlace(String text, String pointer) {
    assertThatThrownBy(() -> ImageConfig.parse(json(text)))
        .isInstanceOfSatisfying(SpecException.class, e -> assertThat(e.pointer()).isEqualTo(pointer));
  }

  private static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(UTF_8);
  }
}
