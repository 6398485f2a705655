/// Images: references, the registry client, the content store, unpack and pack.
package io.containerkit.image;
