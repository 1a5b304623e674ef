//! Tags of user pools: the same as `UserPoolTags`, by the pool's ARN.

use domain::{PoolId, Reason};
use protocol::idp::{
    ListTagsForResourceRequest, ListTagsForResourceResponse, TagResourceRequest, TagResourceResponse,
    UntagResourceRequest, UntagResourceResponse,
};

use crate::error::{Error, Result};
use crate::request::Request;

crate::table::operations! {
    idp::TagResource => tag_resource,
    idp::UntagResource => untag_resource,
    idp::ListTagsForResource => list_tags_for_resource,
}

async fn tag_resource(request: &Request, input: TagResourceRequest) -> Result<TagResourceResponse> {
    let id = pool_of(request, &input.resource_arn)?;
    request.tag_pool(&request.ctx, &id, input.tags).await?;
    Ok(TagResourceResponse {})
}

async fn untag_resource(request: &Request, input: UntagResourceRequest) -> Result<UntagResourceResponse> {
    let id = pool_of(request, &input.resource_arn)?;
    request.untag_pool(&request.ctx, &id, input.tag_keys).await?;
    Ok(UntagResourceResponse {})
}

async fn list_tags_for_resource(
    request: &Request,
    input: ListTagsForResourceRequest,
) -> Result<ListTagsForResourceResponse> {
    let id = pool_of(request, &input.resource_arn)?;
    let pool = request.pool(id.as_str()).await?;
    Ok(ListTagsForResourceResponse { tags: Some(pool.settings.user_pool_tags.unwrap_or_default()) })
}

/// The pool that an ARN names. Only ours can be meant: another account's or Region's does not exist here.
fn pool_of(request: &Request, arn: &str) -> Result<PoolId> {
    let (_, id) = arn
        .split_once(":userpool/")
        .ok_or_else(|| Error::invalid_parameter(format!("{arn} is not the ARN of a user pool.")))?;
    let id = PoolId::from(id);
    if id.arn(&request.settings().account) == arn { Ok(id) } else { Err(Reason::pool_not_found(id).into()) }
}
